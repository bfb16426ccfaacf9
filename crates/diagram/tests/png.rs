//! The images that the program writes if it is built with `--features png`. Slow to compile, so `scripts/test` leaves it
//! out: `cargo test --release -p diagram --features png --test png`.
#![cfg(feature = "png")]

use std::fs;
use std::path::Path;
use std::process::Command;

use resvg::tiny_skia::Pixmap;

fn images(name: &str, text: &str) -> Vec<Pixmap> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("png")
        .join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("box.txt"), text).unwrap();
    let program = Command::new(env!("CARGO_BIN_EXE_diagram"))
        .current_dir(&folder)
        .args(["--out", "out", "box.txt"])
        .output();
    assert!(program.unwrap().status.success());
    let names = ["box.png", "box@2x.png", "box.dark.png", "box.dark@2x.png"];
    let image = |name: &str| Pixmap::load_png(folder.join("out").join(name)).unwrap();
    names.map(image).to_vec()
}

#[test]
fn an_image_fits_the_screen_and_shows_the_words() {
    let made = images("one", "┌──────┐\n│ word │\n└──────┘\n");
    for (image, (width, height)) in made
        .iter()
        .zip([(1920, 1080), (3840, 2160)].into_iter().cycle())
    {
        let size = (image.width(), image.height());
        assert!(size.0 <= width && size.1 <= height, "{size:?}");
        assert!(size.0 == width || size.1 == height, "{size:?}");
    }
    let pixel = |image: &Pixmap| image.pixel(0, 0).unwrap().red();
    assert_eq!((pixel(&made[0]), pixel(&made[2])), (0xff, 0x0d));
    // Without its font, a text would be left out.
    let other = images("other", "┌──────┐\n│ drow │\n└──────┘\n");
    let blank = images("blank", "┌──────┐\n│      │\n└──────┘\n");
    for at in 0..4 {
        assert_ne!(made[at].data(), other[at].data());
        assert_ne!(made[at].data(), blank[at].data());
    }
}
