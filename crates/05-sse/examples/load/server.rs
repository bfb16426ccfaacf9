//! The server in a child process.

use std::cell::OnceCell;
use std::env;
use std::io::{self, BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use crate::flags::{Kind, Plan};
use crate::process;
use crate::watch::Watch;

/// The programs of the servers.
pub(crate) struct Programs {
    /// The folder with Cargo's examples, of which this program is one.
    examples: PathBuf,
    /// The Go program, once it is built.
    go: OnceCell<PathBuf>,
    watch: Watch,
}

impl Programs {
    pub(crate) fn new(watch: &Watch) -> Result<Programs, String> {
        let here = env::current_exe()
            .map_err(|error| format!("can't find this program's folder: {error}"))?;
        Ok(Programs {
            examples: here.parent().unwrap_or(Path::new(".")).to_owned(),
            go: OnceCell::new(),
            watch: watch.clone(),
        })
    }

    fn command(&self, kind: Kind) -> Result<Command, String> {
        let mut command = match kind {
            Kind::Ours | Kind::Nats => Command::new(self.example("server")?),
            Kind::Go => Command::new(self.go()?),
            _ => Command::new(self.example("peer")?),
        };
        if matches!(kind, Kind::Hyper | Kind::Broadcast | Kind::Raw) {
            command.arg(kind.name());
        }
        Ok(command)
    }

    fn example(&self, name: &str) -> Result<PathBuf, String> {
        let program = self
            .examples
            .join(format!("{name}{}", env::consts::EXE_SUFFIX));
        if program.exists() {
            return Ok(program);
        }
        Err(format!(
            "there is no {}; build it with cargo build --release -p sse --examples",
            program.display()
        ))
    }

    fn go(&self) -> Result<&Path, String> {
        if let Some(program) = self.go.get() {
            return Ok(program);
        }
        let folder = self.watch.folder()?;
        let program = folder.join(format!("sse{}", env::consts::EXE_SUFFIX));
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/go");
        let built = Command::new("go")
            .args(["build", "-o"])
            .arg(&program)
            .current_dir(source)
            .env("GOTOOLCHAIN", "local")
            .env("GOFLAGS", "-buildvcs=false")
            .output()
            .map_err(|error| format!("can't run go: {error}"))?;
        if !built.status.success() {
            let words = String::from_utf8_lossy(&built.stderr);
            return Err(format!("go build failed in {source}: {}", words.trim()));
        }
        Ok(self.go.get_or_init(|| program))
    }
}

impl Drop for Programs {
    fn drop(&mut self) {
        self.watch.clean();
    }
}

/// A running server. Dropping it ends the server.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    process: u32,
    watch: Watch,
}

impl Server {
    pub(crate) fn start(plan: &Plan, programs: &Programs, watch: &Watch) -> Result<Server, String> {
        let mut command = programs.command(plan.server)?;
        command.args(["--listen", "127.0.0.1:0"]);
        command.args(["--buffer", &plan.buffer.to_string()]);
        if plan.server.is_ours() {
            command.args(own_flags(plan));
        }
        if plan.server == Kind::Nats {
            command.args(["--nats", &start_nats(watch)?]);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", command.get_program().display()))?;
        let process = child.id();
        let output = child.stdout.take();
        watch.keep_child(child);
        let mut output = BufReader::new(output.ok_or("the server has no output")?);
        let mut line = String::new();
        output
            .read_line(&mut line)
            .map_err(|error| format!("the server's address: {error}"))?;
        // Reads the rest too: a full pipe would block the server.
        thread::spawn(move || io::copy(&mut output, &mut io::sink()));
        let word = line.split_whitespace().next_back().unwrap_or_default();
        let address = word.trim_start_matches("http://").trim_end_matches('/');
        let address = address.parse().map_err(|_| {
            let ended = watch.child_ended();
            ended.unwrap_or_else(|| format!("the server's first line has no address: {line:?}"))
        })?;
        Ok(Server {
            address,
            process,
            watch: watch.clone(),
        })
    }

    pub(crate) fn resident(&self) -> Option<u64> {
        process::resident(self.process)
    }

    pub(crate) fn descriptors(&self) -> Option<u64> {
        process::descriptors(self.process)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.watch.kill_child();
    }
}

/// Starts a private NATS, and returns its address.
fn start_nats(watch: &Watch) -> Result<String, String> {
    // Freed at once, for NATS. The server waits until it answers.
    let address = TcpListener::bind("127.0.0.1:0")
        .and_then(|port| port.local_addr())
        .map_err(|error| format!("can't find a free port: {error}"))?;
    let nats = Command::new("nats-server")
        .args(["--addr", "127.0.0.1", "--port"])
        .arg(address.port().to_string())
        .args(["--jetstream", "--store_dir"])
        .arg(watch.folder()?.join(format!("nats-{}", address.port())))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("can't run nats-server: {error}"))?;
    watch.keep_nats(nats);
    Ok(format!("nats://{address}"))
}

/// Returns whether NATS is installed.
pub(crate) fn has_nats() -> bool {
    let version = Command::new("nats-server").arg("--version").output();
    version.is_ok_and(|output| output.status.success())
}

fn own_flags(plan: &Plan) -> Vec<String> {
    // A client that was cut off may be back before its old slot is free.
    let slots = plan.clients as usize + plan.stalling() + 16;
    let mut flags = vec!["--max-clients".to_owned(), slots.to_string()];
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            flags.extend([name.to_owned(), value]);
        }
    };
    add("--history", plan.history.map(|n| n.to_string()));
    add("--heartbeat", plan.heartbeat.map(|n| n.to_string()));
    add("--write-timeout", plan.write_timeout.map(|n| n.to_string()));
    add("--send-buffer", plan.send_buffer.map(|n| n.to_string()));
    flags
}

/// Returns whether Go is installed, to build the talk's broker.
pub(crate) fn has_go() -> bool {
    let version = Command::new("go").arg("version").output();
    version.is_ok_and(|output| output.status.success())
}
