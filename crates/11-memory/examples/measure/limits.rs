//! The limits that a process runs under, and the one that it met.

use std::fs;
use std::io;

use crate::kind::Kind;

const MIB: u64 = 1 << 20;

/// The address space in MiB that a kind gets by default: a default stack takes 2 MiB of it.
pub(crate) fn default_limit(kind: Kind) -> u64 {
    if kind.is_thread() { 65_536 } else { 8_192 }
}

/// Limits the address space of this process, where the system can do that.
pub(crate) fn address_space(kind: Kind, limit: Option<u64>) -> io::Result<()> {
    let bytes = limit.unwrap_or(default_limit(kind)) * MIB;
    #[cfg(unix)]
    {
        let (_, hard) = rlimit::getrlimit(rlimit::Resource::AS)?;
        rlimit::setrlimit(rlimit::Resource::AS, bytes.min(hard), hard)?;
    }
    let _ = bytes;
    Ok(())
}

/// How many threads a process starts at most, and why.
pub(crate) struct Most {
    pub(crate) threads: u64,
    pub(crate) why: String,
}

/// Each thread takes one of the machine's process numbers. Some are left for the programs that run beside this one.
pub(crate) fn most(kind: Kind) -> Most {
    let numbers = number("/proc/sys/kernel/pid_max").unwrap_or(u64::MAX);
    Most {
        threads: if kind.is_thread() {
            numbers / 4 * 3
        } else {
            u64::MAX
        },
        why: format!("stopped at three quarters of kernel.pid_max ({numbers})"),
    }
}

impl Most {
    /// Each thread takes several areas of memory: its stack, the stack on which it handles signals, and a guard for each.
    /// A thread that doesn't get the second stack ends the process, so stop before that. `threads` are running.
    pub(crate) fn with_areas(self, before: u64, threads: u64) -> Most {
        let Some(most) = number("/proc/sys/vm/max_map_count") else {
            return self;
        };
        let each = (areas().saturating_sub(before) / threads).max(1);
        let fitting = most.saturating_sub(before + SPARE) / each;
        if fitting >= self.threads {
            return self;
        }
        Most {
            threads: fitting,
            why: format!("vm.max_map_count is {most}, and each takes {each} areas of memory"),
        }
    }
}

/// Whether so little address space is left that threads have to start one by one: glibc reserves up to 128 MiB while a
/// thread allocates for the first time, for up to 8 threads a core.
pub(crate) fn address_space_is_scarce() -> bool {
    address_space_left().is_some_and(|(left, _)| left < SCARCE)
}

/// Names the limit of the address space, if too little is left for a thread.
pub(crate) fn address_space_is_full() -> Option<String> {
    let (left, limit) = address_space_left()?;
    let name = || format!("its address space was limited to {} MiB", limit / MIB);
    (left < 3 * MIB).then(name)
}

/// The bytes of address space that are left, and the limit.
#[cfg(target_os = "linux")]
fn address_space_left() -> Option<(u64, u64)> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let reserved = crate::bytes::line(&status, "VmSize:").ok()?;
    let (limit, _) = rlimit::getrlimit(rlimit::Resource::AS).ok()?;
    Some((limit.saturating_sub(reserved), limit))
}

#[cfg(not(target_os = "linux"))]
fn address_space_left() -> Option<(u64, u64)> {
    None
}

const SCARCE: u64 = 4_096 * MIB;

/// Areas that are left for the heap.
const SPARE: u64 = 64;

/// Counts the areas of memory that this process has.
pub(crate) fn areas() -> u64 {
    fs::read_to_string("/proc/self/maps").map_or(0, |maps| maps.lines().count() as u64)
}

/// Names the limit that a thread met that could not be started.
pub(crate) fn refused(reached: u64, error: &io::Error) -> String {
    met(reached).unwrap_or_else(|| format!("the system refused another thread: {error}"))
}

fn met(reached: u64) -> Option<String> {
    if let Some(name) = address_space_is_full() {
        return Some(name);
    }
    #[cfg(target_os = "linux")]
    {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let (user, _) = rlimit::getrlimit(rlimit::Resource::NPROC).ok()?;
        if threads_of(&user_of(&status)?) >= user {
            return Some(format!("the user may have {user} threads (ulimit -u)"));
        }
    }
    for group in ["/sys/fs/cgroup", "/sys/fs/cgroup/pids"] {
        let named = |file: &str| {
            number(&format!(
                "{group}{}/{file}",
                own_group(group).unwrap_or_default()
            ))
        };
        if let (Some(now), Some(most)) = (named("pids.current"), named("pids.max"))
            && now + 1 >= most
        {
            return Some(format!(
                "the control group may have {most} threads (pids.max)"
            ));
        }
    }
    for setting in ["threads-max", "pid_max"] {
        let most = number(&format!("/proc/sys/kernel/{setting}"))?;
        // The numbers below 300 are given out once.
        if machine_threads()?.max(reached) + 301 >= most {
            return Some(format!(
                "the machine may have {most} threads (kernel.{setting})"
            ));
        }
    }
    None
}

fn number(path: &str) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// This process's control group below `root`: of the first version, if the root is a controller's.
fn own_group(root: &str) -> Option<String> {
    let all = fs::read_to_string("/proc/self/cgroup").ok()?;
    let controller = if root.ends_with("pids") {
        ":pids:"
    } else {
        "::"
    };
    let path = all.lines().find_map(|line| line.split_once(controller))?.1;
    Some(path.trim_end_matches('/').to_owned())
}

/// The user in a `/proc/…/status`.
#[cfg(target_os = "linux")]
fn user_of(status: &str) -> Option<String> {
    let line = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
    Some(line.split_whitespace().next()?.to_owned())
}

/// Counts the threads of a user.
#[cfg(target_os = "linux")]
fn threads_of(user: &str) -> u64 {
    let Ok(processes) = fs::read_dir("/proc") else {
        return 0;
    };
    let threads = |status: &str| {
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("Threads:"))?;
        line.trim().parse::<u64>().ok()
    };
    processes
        .filter_map(|process| fs::read_to_string(process.ok()?.path().join("status")).ok())
        .filter(|status| user_of(status).as_deref() == Some(user))
        .filter_map(|status| threads(&status))
        .sum()
}

/// The threads of the whole machine, from a line such as `0.50 0.40 0.30 1/234 5678`.
fn machine_threads() -> Option<u64> {
    let load = fs::read_to_string("/proc/loadavg").ok()?;
    load.split_whitespace()
        .nth(3)?
        .split_once('/')?
        .1
        .parse()
        .ok()
}
