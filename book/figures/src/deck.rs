//! Makes a deck of slides of the built book: one HTML file with the pictures of every chapter, for a talk without a network.
//!
//! The deck has, from each chapter, the figures of its sections "The talk's picture" and "The race", outside of folds. The
//! presenter shows one after another. What the figures need is in the file: styles, fonts, scripts and recordings.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The sections of a chapter whose figures are in the deck.
const SECTIONS: [&str; 2] = ["<h2 id=\"the-talks-picture\"", "<h2 id=\"the-race\""];
/// The scripts that a deck has no use for: copying code, the table of contents, the menu.
const UNUSED: [&str; 3] = ["clipboard-", "toc-", "book-"];

/// Returns the deck of the book that was built in `folder`.
///
/// # Errors
///
/// A message, if there is no book, if a chapter has no figures, or if a file that the pages use is missing.
pub fn deck(folder: &Path) -> Result<String, String> {
    let entries = fs::read_dir(folder).map_err(|error| at(folder, &error))?;
    let mut pages: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| is_chapter(name))
        .collect();
    pages.sort();
    let Some(first) = pages.first() else {
        return Err(format!(
            "{}: no chapter; run scripts/book --build",
            folder.display()
        ));
    };
    let head = read(folder, first)?;
    let mut slides = String::new();
    let mut recordings = BTreeSet::new();
    for page in &pages {
        let html = read(folder, page)?;
        let name = between(&html, "<h1 id=\"", "</h1>").and_then(|it| it.split_once('>'));
        let name = name.ok_or_else(|| format!("{page}: no heading"))?.1;
        let number: u8 = page[..2]
            .parse()
            .expect("a chapter's name begins with its number");
        let figures = figures(&html);
        if figures.is_empty() {
            return Err(format!("{page}: no figure for the deck"));
        }
        let _ = writeln!(
            slides,
            "<section>\n<h1>{number}. {}</h1>",
            without_links(name)
        );
        for figure in figures {
            for from in values(figure, "data-from=\"") {
                recordings.insert(from.to_owned());
            }
            slides.push_str(&slide(figure));
        }
        slides.push_str("</section>\n");
    }
    let title = between(&head, "<h1 class=\"menu-title\">", "</h1>").unwrap_or("Slides");
    let mut styles = String::new();
    for (path, media) in styles_of(&head) {
        let css = with_fonts(folder, path)?;
        let _ = writeln!(styles, "<style media=\"{media}\">\n{css}</style>");
    }
    let mut scripts = String::new();
    for path in values(&head, "<script src=\"").filter(|path| !is_unused(path)) {
        let _ = writeln!(
            scripts,
            "<script>\n{}</script>",
            script(&read(folder, path)?)
        );
        // The recordings are handed over before a figure asks for them.
        if path.contains("/play-") {
            for name in &recordings {
                let data = read(folder, &format!("diagrams/{name}.js"))?;
                let _ = writeln!(scripts, "<script>{}</script>", script(&data));
            }
            scripts.push_str(
                "<script>for (const name in window.recorded) play.embed(name, window.recorded[name]);</script>\n",
            );
        }
    }
    Ok(format!(
        "<!DOCTYPE html>\n<html lang=\"en\" class=\"light\" data-deck>\n<head>\n<meta charset=\"UTF-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n{styles}\
         <script>\nconst path_to_root = '';\n\
         document.documentElement.className = matchMedia('{DARK}').matches ? 'navy' : 'light';\n</script>\n\
         </head>\n<body>\n<main>\n{slides}</main>\n{scripts}</body>\n</html>\n"
    ))
}

const DARK: &str = "(prefers-color-scheme: dark)";

/// Whether a page is a chapter: `01-pool.html`, but not `01-pool-exercises.html`.
fn is_chapter(name: &str) -> bool {
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    digits == 2 && name.ends_with(".html") && !name.ends_with("-exercises.html")
}

fn is_unused(path: &str) -> bool {
    UNUSED.iter().any(|name| path.starts_with(name))
}

/// Returns the figures of the deck's sections, without those that a fold hides.
fn figures(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for heading in SECTIONS {
        let Some((_, section)) = page.split_once(heading) else {
            continue;
        };
        let section = section.split("<h2 ").next().unwrap_or(section);
        let mut folds = 0;
        let mut rest = section;
        while let Some((before, after)) = rest.split_once("<figure class=\"picture\"") {
            folds += before.matches("<details").count();
            folds -= before.matches("</details>").count().min(folds);
            let end = after.find("</figure>").unwrap_or(after.len());
            if folds == 0 {
                found.push(&after[..end]);
            }
            rest = &after[end..];
        }
    }
    found
}

/// Returns a figure for the deck, where a link to another page would lead nowhere.
fn slide(figure: &str) -> String {
    let mut figure = figure.to_owned();
    if let Some(link) = between(&figure, "<a class=\"as-svg\"", "</a>") {
        figure = figure.replace(&format!("<a class=\"as-svg\"{link}</a>"), "");
    }
    // The book's highlighter gives code its background.
    let figure = figure.replace("class=\"language-text\"", "class=\"language-text hljs\"");
    format!(
        "<figure class=\"picture\"{}</figure>\n",
        without_links(&figure)
    )
}

/// Returns HTML without the tags of its links. Their text stays.
fn without_links(html: &str) -> String {
    let mut pieces = html.split("<a ");
    let mut made = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        made.push_str(piece.split_once('>').map_or(piece, |(_, rest)| rest));
    }
    made.replace("</a>", "")
}

/// Returns the page's style sheets, each with the media that it is for.
fn styles_of(page: &str) -> impl Iterator<Item = (&str, &'static str)> {
    let sheets = page.split("<link rel=\"stylesheet\"").skip(1);
    sheets.filter_map(|tag| {
        let path = between(tag, "href=\"", "\"")?;
        let name = path.rsplit('/').next()?;
        let media = match name.split('-').next()? {
            "print" | "ayu" | "chrome" => return None,
            "highlight" => "(prefers-color-scheme: light)",
            "tomorrow" => DARK,
            _ => "all",
        };
        Some((path, media))
    })
}

/// Returns a style sheet with its fonts as data.
fn with_fonts(folder: &Path, path: &str) -> Result<String, String> {
    let css = read(folder, path)?;
    let here = folder.join(path);
    let here = here.parent().unwrap_or(folder);
    let mut pieces = css.split("url('");
    let mut made = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece
            .split_once("')")
            .ok_or("a style sheet has a broken address")?;
        let path = here.join(name);
        let font = fs::read(&path).map_err(|error| at(&path, &error))?;
        let _ = write!(
            made,
            "url('data:font/woff2;base64,{}'){rest}",
            base64(&font)
        );
    }
    Ok(made)
}

/// Returns a script that can stand in a page.
fn script(text: &str) -> String {
    text.replace("</script", "<\\/script")
        .replace("<!--", "<\\!--")
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 4);
    for group in bytes.chunks(3) {
        let [a, b, c] = [0, 1, 2].map(|index| u32::from(*group.get(index).unwrap_or(&0)));
        let bits = a << 16 | b << 8 | c;
        for digit in 0..4 {
            let value = (bits >> (18 - 6 * digit)) & 63;
            let shown = if digit <= group.len() {
                DIGITS[value as usize] as char
            } else {
                '='
            };
            text.push(shown);
        }
    }
    text
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split_once(end)?.0)
}

/// Returns every text from `start` up to the next quote.
fn values<'a>(text: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    let after = text.split(start).skip(1);
    after.filter_map(|rest| Some(rest.split_once('"')?.0))
}

fn read(folder: &Path, path: &str) -> Result<String, String> {
    let path = folder.join(path);
    fs::read_to_string(&path).map_err(|error| at(&path, &error))
}

fn at(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::{base64, figures, without_links};

    #[test]
    fn fonts_are_written_as_rfc_4648_says() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn a_figure_in_a_fold_gives_no_answer_away() {
        let figure = |name: &str| {
            format!("<figure class=\"picture\" id=\"{name}\"><details>words</details></figure>")
        };
        let page = format!(
            "<h2 id=\"the-race\">{}<details>{}</details>{}<h2 id=\"in-production\">{}",
            figure("a"),
            figure("b"),
            figure("c"),
            figure("d"),
        );
        let ids: Vec<&str> = figures(&page).iter().map(|it| &it[5..6]).collect();
        assert_eq!(ids, ["a", "c"]);
    }

    #[test]
    fn a_link_leaves_its_text() {
        assert_eq!(without_links("a <a href=\"b\">c</a>, d"), "a c, d");
    }
}
