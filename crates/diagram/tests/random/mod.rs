//! Random data that is the same in every run.

/// Marsaglia's xorshift64.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        // Spread the seeds out and avoid 0, which xorshift never leaves.
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Returns a number below `end`, which must not be 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() >> 11) as usize % end
    }

    /// Returns true once in `times` calls, on average.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Returns up to `longest` glyphs, most of them plain.
    pub(crate) fn text(&mut self, longest: usize) -> String {
        const PLAIN: [&str; 12] = ["a", "b", "W", "i", " ", "_", ".", "(", ")", ",", "0", "→"];
        const ODD: [&str; 10] = [
            "日",
            "é",
            "e\u{301}",
            "👩‍💻",
            "✅",
            "\u{200B}",
            "ﷺ",
            "\t",
            "\n",
            "\u{202E}",
        ];
        let glyphs = self.below(longest + 1);
        (0..glyphs)
            .map(|_| {
                if self.one_in(60) {
                    self.one_of(&ODD)
                } else {
                    self.one_of(&PLAIN)
                }
            })
            .collect()
    }
}
