//! In a process that may open 150 files, `unlimited` fails for most items and `window` for none.

#[cfg(unix)]
#[path = "../examples/crash/experiment.rs"]
mod experiment;

#[cfg(unix)]
fn main() -> std::io::Result<()> {
    use experiment::{FILES, ITEMS};

    experiment::client_or(|| {
        let unlimited = experiment::run("unlimited")?;
        println!("{unlimited}");
        assert!(unlimited.done < FILES as usize, "{unlimited}");
        let errors: Vec<_> = unlimited.failed.keys().collect();
        assert!(
            matches!(errors[..], [error] if error.contains("Too many open files")),
            "{unlimited}"
        );

        let window = experiment::run("window")?;
        println!("{window}");
        assert_eq!(window.done, ITEMS, "{window}");
        Ok(())
    })
}

#[cfg(not(unix))]
fn main() {
    println!("skipped: the limit on open files can be set on Unix only");
}
