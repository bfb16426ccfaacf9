//! No two crates have an example of the same name: Cargo builds all examples into one folder, where one would replace
//! the other.

use std::collections::HashMap;
use std::fs;

use book_tests::go_to_root;

#[test]
fn every_example_has_a_name_of_its_own() {
    go_to_root().unwrap();
    let mut seen = HashMap::new();
    for krate in fs::read_dir("crates").unwrap() {
        let Ok(examples) = fs::read_dir(krate.unwrap().path().join("examples")) else {
            continue;
        };
        for example in examples {
            let example = example.unwrap().path();
            if example.extension().is_some_and(|it| it == "rs") {
                let name = example.file_name().unwrap().to_owned();
                if let Some(other) = seen.insert(name, example.clone()) {
                    panic!(
                        "{} and {} have the same name; rename one",
                        other.display(),
                        example.display()
                    );
                }
            }
        }
    }
    assert!(!seen.is_empty());
}
