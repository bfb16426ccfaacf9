//! A program of pictures draws what was asked for, and says what it knows.

use interleave::gallery::{Gallery, Picture};

const GALLERY: Gallery = Gallery {
    about: "Draws letters.",
    command: "cargo run --example letters",
    pictures: &[
        Picture {
            name: "a",
            shows: "the first letter",
            draw: || "A".to_owned(),
        },
        Picture {
            name: "last",
            shows: "the last letter",
            draw: || "Z".to_owned(),
        },
    ],
};

fn drawn(names: &[&str]) -> Result<String, String> {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let chosen = GALLERY.chosen(&names).map_err(str::to_owned)?;
    Ok(chosen.iter().map(|picture| (picture.draw)()).collect())
}

#[test]
fn draws_the_named_pictures_or_all_each_once_and_in_order() {
    assert_eq!(drawn(&[]).as_deref(), Ok("AZ"));
    assert_eq!(drawn(&["last"]).as_deref(), Ok("Z"));
    assert_eq!(drawn(&["last", "a", "last"]).as_deref(), Ok("AZ"));
}

#[test]
fn a_name_without_a_picture_is_an_error_and_nothing_is_drawn() {
    assert_eq!(drawn(&["a", "z", "y"]), Err("z".to_owned()));
    assert_eq!(drawn(&["A"]), Err("A".to_owned()));
}

#[test]
fn help_lists_the_names() {
    expect_test::expect![[r#"
        Draws letters.

          cargo run --example letters               draws all pictures
          cargo run --example letters -- NAME ...   draws the named pictures

          a      the first letter
          last   the last letter
    "#]]
    .assert_eq(&GALLERY.to_string());
}
