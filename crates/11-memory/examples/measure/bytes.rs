//! What the system says about this process's memory.

use std::io;

/// The bytes that a process takes at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bytes {
    /// Reserved addresses; `None` where the system doesn't tell.
    pub(crate) reserved: Option<u64>,
    /// In the machine's memory.
    pub(crate) resident: u64,
    /// Not the process's own, but the kernel's for it: page tables, and the kernel's stacks of all threads of the
    /// machine.
    pub(crate) kernel: Option<u64>,
}

impl Bytes {
    /// Reads `/proc`.
    #[cfg(target_os = "linux")]
    pub(crate) fn now() -> io::Result<Bytes> {
        let status = std::fs::read_to_string("/proc/self/status")?;
        let machine = std::fs::read_to_string("/proc/meminfo")?;
        let (tables, stacks) = (line(&status, "VmPTE:")?, line(&machine, "KernelStack:")?);
        Ok(Bytes {
            reserved: Some(line(&status, "VmSize:")?),
            resident: line(&status, "VmRSS:")?,
            kernel: Some(tables + stacks),
        })
    }

    /// Asks `ps`, which knows only the resident bytes on macOS: there, every process reserves hundreds of gigabytes.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn now() -> io::Result<Bytes> {
        let id = std::process::id().to_string();
        let output = std::process::Command::new("ps")
            .args(["-o", "rss=", "-p", &id])
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let kilobytes: u64 = text.trim().parse().map_err(io::Error::other)?;
        Ok(Bytes {
            reserved: None,
            resident: kilobytes * 1024,
            kernel: None,
        })
    }
}

/// Returns the bytes in a line such as `VmRSS:   1234 kB`.
#[cfg(target_os = "linux")]
pub(crate) fn line(text: &str, name: &str) -> io::Result<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    let kilobytes = kilobytes.ok_or_else(|| io::Error::other(format!("/proc has no {name}")))?;
    Ok(kilobytes * 1024)
}
