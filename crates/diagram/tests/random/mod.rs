//! The same random data in every run.

/// Marsaglia's xorshift64.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        // Spread out, and never 0, from which xorshift would not move.
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From 0 to `end`, without `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() >> 11) as usize % end
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Up to `longest` glyphs, most of them plain.
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
                if self.once_in(60) {
                    self.one_of(&ODD)
                } else {
                    self.one_of(&PLAIN)
                }
            })
            .collect()
    }
}
