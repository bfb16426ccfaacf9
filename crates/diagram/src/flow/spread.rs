//! Positions on a line: as close as possible to where each should be, in order, and a distance apart.

/// A position to be found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// Where the position should be.
    pub(super) at: f64,
    /// How much that counts; more than 0.
    pub(super) weight: f64,
    /// The lowest and the highest position.
    pub(super) low: f64,
    pub(super) high: f64,
    /// The smallest distance to the position before.
    pub(super) apart: f64,
}

/// Returns the positions whose squared distances from the wishes add up to the least. If the bounds leave
/// too little room, returns by how much.
pub(super) fn spread(wishes: &[Wish]) -> Result<Vec<f64>, f64> {
    // With the distances subtracted, each position only has to be no lower than the one before it.
    let offsets: Vec<f64> = wishes
        .iter()
        .enumerate()
        .scan(0.0, |sum, (index, wish)| {
            *sum += if index == 0 { 0.0 } else { wish.apart };
            Some(*sum)
        })
        .collect();
    let mut lows: Vec<f64> = wishes
        .iter()
        .zip(&offsets)
        .map(|(wish, offset)| wish.low - offset)
        .collect();
    let mut highs: Vec<f64> = wishes
        .iter()
        .zip(&offsets)
        .map(|(wish, offset)| wish.high - offset)
        .collect();
    for index in 1..lows.len() {
        lows[index] = lows[index].max(lows[index - 1]);
    }
    for index in (1..highs.len()).rev() {
        highs[index - 1] = highs[index - 1].min(highs[index]);
    }
    let missing = lows
        .iter()
        .zip(&highs)
        .map(|(low, high)| low - high)
        .fold(0.0, f64::max);
    if missing > 0.0 {
        return Err(missing);
    }
    // Neighbours in the wrong order are pooled at their mean.
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for (wish, offset) in wishes.iter().zip(&offsets) {
        let mut pool = (wish.at - offset, wish.weight, 1);
        while let Some(&(at, weight, count)) = pools.last()
            && at > pool.0
        {
            let sum = weight + pool.1;
            pool = ((at * weight + pool.0 * pool.1) / sum, sum, count + pool.2);
            pools.pop();
        }
        pools.push(pool);
    }
    let pooled = pools
        .iter()
        .flat_map(|&(at, _, count)| std::iter::repeat_n(at, count));
    Ok(pooled
        .zip(lows.iter().zip(&highs))
        .zip(&offsets)
        .map(|((at, (low, high)), offset)| at.max(*low).min(*high) + offset)
        .collect())
}

/// Rounds positions to whole cells. Equal positions, and distances in whole cells, stay what they are.
pub(super) fn whole(at: f64) -> usize {
    // The steps before keep 10.4999999 and 10.5 together.
    let steps = (at * 64.0).round() / 64.0;
    (steps + 0.5).floor().max(0.0) as usize
}
