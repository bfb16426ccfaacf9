//! Ends this process, and the servers with it, at the deadline or on a signal, so that nothing hangs or is left behind.

use std::path::PathBuf;
use std::process::{self, Child};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

/// A handle to the watching thread.
#[derive(Clone)]
pub(crate) struct Watch(Arc<Mutex<Watched>>);

struct Watched {
    child: Option<Child>,
    /// The NATS that the child follows.
    nats: Option<Child>,
    /// A folder with what was built for this process only.
    folder: Option<PathBuf>,
    phase: String,
    deadline: Option<(Instant, Duration)>,
}

impl Watch {
    pub(crate) fn start() -> Result<Watch, String> {
        let watch = Watch(Arc::new(Mutex::new(Watched {
            child: None,
            nats: None,
            folder: None,
            phase: "starting".to_owned(),
            deadline: None,
        })));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| format!("can't watch for signals: {error}"))?;
        let watcher = watch.clone();
        thread::spawn(move || runtime.block_on(watcher.watch()));
        Ok(watch)
    }

    async fn watch(self) {
        let mut told = std::pin::pin!(told_to_stop());
        loop {
            tokio::select! {
                () = &mut told => self.end("stopped"),
                () = tokio::time::sleep(Duration::from_millis(100)) => {}
            }
            let watched = self.lock();
            let over = watched
                .deadline
                .filter(|(deadline, _)| *deadline <= Instant::now());
            if let Some((_, limit)) = over {
                let words = format!("gave up after {} s, {}", limit.as_secs(), watched.phase);
                drop(watched);
                self.end(&words);
            }
        }
    }

    /// Starts a run with this time limit.
    pub(crate) fn limit(&self, limit: Duration) {
        self.lock().deadline = Some((Instant::now() + limit, limit));
    }

    /// Notes what is being done, for the message if it takes too long.
    pub(crate) fn phase(&self, words: impl Into<String>) {
        self.lock().phase = words.into();
    }

    /// Takes the child, which is killed when another child is taken, or when this process ends.
    pub(crate) fn keep_child(&self, child: Child) {
        let mut watched = self.lock();
        kill(watched.child.replace(child));
    }

    /// Takes the NATS that the next child follows, which is killed with that child.
    pub(crate) fn keep_nats(&self, nats: Child) {
        kill(self.lock().nats.replace(nats));
    }

    pub(crate) fn kill_child(&self) {
        let mut watched = self.lock();
        kill(watched.child.take());
        kill(watched.nats.take());
    }

    /// Returns how the child ended, if it did.
    pub(crate) fn child_ended(&self) -> Option<String> {
        let status = self.lock().child.as_mut()?.try_wait().ok()??;
        Some(format!("the server ended: {status}"))
    }

    /// Creates a folder, unless there is one, which is removed when this process ends.
    pub(crate) fn folder(&self) -> Result<PathBuf, String> {
        let folder = std::env::temp_dir().join(format!("sse-load-{}", process::id()));
        std::fs::create_dir_all(&folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        self.lock().folder = Some(folder.clone());
        Ok(folder)
    }

    pub(crate) fn clean(&self) {
        let mut watched = self.lock();
        kill(watched.child.take());
        kill(watched.nats.take());
        if let Some(folder) = watched.folder.take() {
            let _ = std::fs::remove_dir_all(folder);
        }
    }

    fn end(&self, words: &str) -> ! {
        self.clean();
        eprintln!("load: {words}");
        process::exit(1)
    }

    fn lock(&self) -> MutexGuard<'_, Watched> {
        // A panic leaves no part of this half changed.
        self.0.lock().unwrap_or_else(|error| error.into_inner())
    }
}

fn kill(child: Option<Child>) {
    if let Some(mut child) = child {
        let _ = child.kill();
        let _ = child.wait();
    }
}

#[cfg(unix)]
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    ) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn told_to_stop() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
