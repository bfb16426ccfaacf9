//! Splits a Markdown text into blocks of prose, without listings and comments.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// Replaces a code span in [`Block::text`]. It has no word and no number, so no rule matches in it.
const CODE: &str = "``";

/// A paragraph, a heading, a list item, a table or the text within HTML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Block {
    /// The text on one line, with each code span masked.
    pub text: String,
    /// The number of words, including those in code spans.
    pub words: usize,
    /// The code spans, each with the offset of its mask in `text`.
    pub code: Vec<(usize, String)>,
    /// The HTML comments in the block, or on a line directly above or below it.
    pub comments: Vec<String>,
    /// The index of the first line, from 0.
    pub first: usize,
    /// The index of the last line.
    pub last: usize,
    /// Offsets in `text`, in order, each with the line that the text there comes from.
    lines: Vec<(usize, usize)>,
}

impl Block {
    /// Returns the index of the line that `text[offset..]` begins on.
    pub fn line_at(&self, offset: usize) -> usize {
        let before = self.lines.partition_point(|(start, _)| *start <= offset);
        before
            .checked_sub(1)
            .map_or(self.first, |at| self.lines[at].1)
    }

    /// Returns the sentences, each with its offset in `text`.
    pub fn sentences(&self) -> Vec<(usize, &str)> {
        let text = &self.text;
        let mut sentences = Vec::new();
        let mut start = 0;
        let closes = |it: char| matches!(it, '"' | '\'' | ')' | '*' | '_' | '”' | '’');
        for (at, end) in text.match_indices(['.', '!', '?']) {
            let rest = &text[at + end.len()..];
            let rest = rest.trim_start_matches(closes);
            if rest.is_empty() || rest.starts_with(char::is_whitespace) {
                let end = text.len() - rest.len();
                sentences.push((start, &text[start..end]));
                start = end;
            }
        }
        sentences.push((start, &text[start..]));
        let trimmed = sentences.into_iter().map(|(start, sentence)| {
            let begins = sentence.len() - sentence.trim_start().len();
            (start + begins, sentence.trim())
        });
        trimmed
            .filter(|(_, sentence)| !sentence.is_empty())
            .collect()
    }

    /// Returns the code spans in `text[start..start + length]`.
    pub fn code_in(&self, start: usize, length: usize) -> Vec<&str> {
        let within = start..start + length;
        let spans = self.code.iter().filter(|(at, _)| within.contains(at));
        spans.map(|(_, code)| code.as_str()).collect()
    }

    fn push(&mut self, text: &str, line: usize) {
        self.lines.push((self.text.len(), line));
        self.text.push_str(text);
        self.last = self.last.max(line);
    }
}

/// A fenced listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The language of the fence.
    pub language: String,
    /// The index of the first line, that of the fence.
    pub first: usize,
    /// The index of the last line.
    pub last: usize,
}

/// A Markdown text, split.
#[derive(Debug, Default)]
pub struct Markdown {
    /// The prose, in order.
    pub blocks: Vec<Block>,
    /// The listings, in order.
    pub listings: Vec<Listing>,
}

/// Splits `text` into prose and listings.
pub fn read(text: &str) -> Markdown {
    let mut reader = Reader::default();
    let starts: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let line_at = |offset: usize| starts.partition_point(|start| *start <= offset) - 1;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        let line = line_at(range.start);
        let last = line_at(range.end.max(range.start + 1) - 1);
        reader.event(event, line, last);
    }
    reader.flush();
    reader.attach();
    reader.markdown
}

#[derive(Default)]
struct Reader {
    markdown: Markdown,
    block: Option<Block>,
    /// The text of `block`, with its code spans.
    full: String,
    in_table: bool,
    listing: bool,
    /// The current block of HTML, with its first and last line.
    html: Option<(String, usize, usize)>,
    /// The comments between blocks, with their first and last lines.
    comments: Vec<(String, usize, usize)>,
}

impl Reader {
    fn event(&mut self, event: Event<'_>, line: usize, last: usize) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                self.flush();
                self.listing = true;
                let language = match kind {
                    CodeBlockKind::Fenced(info) => info.split([',', ' ']).next().map(str::to_owned),
                    CodeBlockKind::Indented => None,
                };
                self.markdown.listings.push(Listing {
                    language: language.unwrap_or_default(),
                    first: line,
                    last,
                });
            }
            Event::End(TagEnd::CodeBlock) => self.listing = false,
            Event::Start(Tag::HtmlBlock) => {
                self.flush();
                self.html = Some((String::new(), line, last));
            }
            Event::End(TagEnd::HtmlBlock) => self.end_html(),
            Event::Html(html) => {
                if let Some((text, ..)) = &mut self.html {
                    text.push_str(&html);
                }
            }
            Event::InlineHtml(html) => {
                if let (Some(comment), Some(block)) = (comment_in(&html), &mut self.block) {
                    block.comments.push(comment.to_owned());
                    block.last = block.last.max(last);
                }
            }
            Event::Start(Tag::Table(_)) => {
                self.open(line);
                self.in_table = true;
            }
            Event::End(TagEnd::Table) => {
                self.in_table = false;
                self.flush();
            }
            // Each cell is a sentence.
            Event::End(TagEnd::TableCell) => self.say(". ", " ", line),
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Item) => self.open(line),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) => self.flush(),
            Event::Text(_) | Event::Code(_) if self.listing => {}
            Event::Text(text) => self.say(&text, &text, line),
            Event::Code(code) => {
                self.say(CODE, &code, line);
                if let Some(block) = &mut self.block {
                    let at = block.text.len() - CODE.len();
                    block.code.push((at, code.into_string()));
                }
            }
            Event::SoftBreak | Event::HardBreak => self.say(" ", " ", line),
            _ => {}
        }
    }

    fn open(&mut self, line: usize) {
        if !self.in_table {
            self.flush();
            self.block = Some(Block {
                first: line,
                last: line,
                ..Block::default()
            });
        }
    }

    fn say(&mut self, masked: &str, full: &str, line: usize) {
        let block = self.block.get_or_insert_with(|| Block {
            first: line,
            last: line,
            ..Block::default()
        });
        block.push(masked, line);
        self.full.push_str(full);
    }

    fn flush(&mut self) {
        let full = std::mem::take(&mut self.full);
        if let Some(mut block) = self.block.take()
            && !(block.text.trim().is_empty() && block.comments.is_empty())
        {
            let is_word = |word: &&str| word.contains(char::is_alphanumeric);
            block.words = full.split_whitespace().filter(is_word).count();
            self.markdown.blocks.push(block);
        }
    }

    /// Removes the comments and the tags from a block of HTML. The rest is prose, as in a `<summary>`.
    fn end_html(&mut self) {
        let Some((html, first, last)) = self.html.take() else {
            return;
        };
        let mut rest = html.as_str();
        let mut line = first;
        while !rest.is_empty() {
            let tag = rest.find('<').unwrap_or(rest.len());
            let (text, tagged) = rest.split_at(tag);
            for (index, part) in text.split('\n').enumerate() {
                if index > 0 {
                    line += 1;
                }
                if !part.trim().is_empty() {
                    self.say(part, part, line);
                    self.say(" ", " ", line);
                }
            }
            let end = if tagged.starts_with("<!--") {
                "-->"
            } else {
                ">"
            };
            let end = tagged.find(end).map_or(tagged.len(), |at| at + end.len());
            let lines = tagged[..end].matches('\n').count();
            if let Some(comment) = comment_in(&tagged[..end]) {
                self.comments.push((comment.to_owned(), line, line + lines));
            }
            if ["</summary", "</p", "</li", "</h"]
                .iter()
                .any(|it| tagged.starts_with(it))
            {
                self.flush();
            }
            line += lines;
            rest = &tagged[end..];
        }
        if let Some(block) = &mut self.block {
            block.last = last;
        }
        self.flush();
    }

    /// Adds each comment to the blocks directly above and below it.
    fn attach(&mut self) {
        for (comment, first, last) in self.comments.drain(..) {
            for block in &mut self.markdown.blocks {
                if block.first <= last + 1 && first <= block.last + 1 {
                    block.comments.push(comment.clone());
                }
            }
        }
    }
}

fn comment_in(html: &str) -> Option<&str> {
    let comment = html.trim().strip_prefix("<!--")?;
    Some(comment.strip_suffix("-->").unwrap_or(comment).trim())
}
