//! Latency and faults, and the rules that choose the requests.

use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use axum::http::Method;
use oorandom::Rand64;

/// The latency of a server, and its faults.
///
/// The seed decides about each request, by its method, path and query and the number of its try. The order in which
/// requests arrive makes no difference, so a run with many requests in flight can be repeated.
#[derive(Clone, Debug)]
pub struct Faults {
    /// The time that a request takes before anything else happens to it; one from this range for each request.
    pub latency: RangeInclusive<Duration>,
    /// Looked through in order: the first rule that holds for a request decides.
    pub rules: Vec<Rule>,
    /// Two servers with the same seed fail in the same way.
    pub seed: u64,
}

/// A fault, and the requests that it happens to.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The fault.
    pub fault: Fault,
    /// The tries that it happens to.
    pub when: When,
    /// It happens only to requests with this method; `None` is all of them.
    pub method: Option<Method>,
    /// It happens only to requests whose path ends with this: `""` is all of them, `"/web-01"` those for one object.
    pub path: String,
}

/// A fault of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It takes this much longer, and then it succeeds.
    Slow(Duration),
    /// The answer is 429 with `Retry-After` in seconds. The request isn't performed.
    TooManyRequests(u32),
    /// The answer is this status: 403, or one from 500 to 599. The request isn't performed.
    Error(u16),
    /// There is no answer, ever. The request isn't performed.
    Hang,
    /// The request is performed, but its answer is JSON that stops in the middle.
    Truncated,
    /// The connection is reset before the request is performed.
    Reset,
    /// The request is performed, but the connection is reset before the answer.
    Lost,
}

/// The tries of a request that a fault happens to.
#[derive(Clone, Debug, PartialEq)]
pub enum When {
    /// To every request.
    Always,
    /// To this share of the requests, in per cent.
    Percent(f64),
    /// To these tries of each request, counted from 1. A request with the same method, path and query is a try of the
    /// same request.
    Tries(RangeInclusive<u64>),
}

impl Default for Faults {
    /// No latency and no faults.
    fn default() -> Faults {
        Faults {
            latency: Duration::ZERO..=Duration::ZERO,
            rules: Vec::new(),
            seed: 0,
        }
    }
}

impl Faults {
    /// No faults, but each request takes this long.
    pub fn latency(latency: Duration) -> Faults {
        Faults {
            latency: latency..=latency,
            ..Faults::default()
        }
    }

    /// Adds a rule for all requests.
    pub fn with(mut self, fault: Fault, when: When) -> Faults {
        self.rules.push(Rule {
            fault,
            when,
            method: None,
            path: String::new(),
        });
        self
    }

    /// Decides about a try of a request: how long it takes, and what happens to it.
    pub(crate) fn decide(
        &self,
        request: &str,
        method: &Method,
        path: &str,
        tried: u64,
    ) -> (Duration, Option<Fault>) {
        let mut random = Rand64::new(u128::from(hash(request, self.seed ^ tried)));
        let (least, most) = (*self.latency.start(), *self.latency.end());
        let share = random.rand_float();
        let latency = match most.checked_sub(least) {
            Some(Duration::ZERO) | None => least,
            Some(more) => least + more.mul_f64(share),
        };
        let fault = self.rules.iter().find(|rule| {
            // Drawn for each rule, so that a rule doesn't change what those after it do.
            let share = random.rand_float() * 100.0;
            path.ends_with(&rule.path)
                && rule.method.as_ref().is_none_or(|wanted| wanted == method)
                && match &rule.when {
                    When::Always => true,
                    When::Percent(percent) => share < *percent,
                    When::Tries(tries) => tries.contains(&tried),
                }
        });
        (latency, fault.map(|rule| rule.fault))
    }
}

/// The methods that the server answers.
const METHODS: [Method; 6] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

/// FNV-1a: the same on every machine and in every version, unlike the standard library's.
fn hash(words: &str, seed: u64) -> u64 {
    let bytes = seed.to_le_bytes();
    let bytes = bytes.iter().chain(words.as_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl FromStr for Rule {
    type Err = String;

    /// Parses a rule as the command line has it: a method if it isn't for all of them, a fault, how often, and the end of
    /// a path if it isn't for all of them: `503`, `429=2@10%`, `reset@1`, `PATCH:slow=200@5%/web-01`.
    fn from_str(words: &str) -> Result<Rule, String> {
        let usage = || {
            format!(
                "found {words:?}, expected a fault (429=SECONDS, 403, 500 to 599, slow=MS, hang, truncated, reset, \
                 lost), before it optionally a method, after it optionally @N% or @TRIES, and optionally the end of a \
                 path: 429=2@10%, reset@1, PATCH:503/web-01"
            )
        };
        let (rule, path) = match words.find('/') {
            Some(slash) => words.split_at(slash),
            None => (words, ""),
        };
        let (method, rule) = match rule.split_once(':') {
            Some((method, rule)) => match METHODS.iter().find(|known| known.as_str() == method) {
                Some(known) => (Some(known.clone()), rule),
                None => return Err(usage()),
            },
            None => (None, rule),
        };
        let (fault, when) = rule
            .split_once('@')
            .map_or((rule, None), |(f, w)| (f, Some(w)));
        let when = match when.map(|when| (when, when.strip_suffix('%'))) {
            None => When::Always,
            Some((_, Some(percent))) => match percent.parse() {
                Ok(percent) if (0.0..=100.0).contains(&percent) => When::Percent(percent),
                _ => return Err(usage()),
            },
            Some((tries, None)) => match tries.parse() {
                Ok(tries @ 1..) => When::Tries(1..=tries),
                _ => return Err(usage()),
            },
        };
        let (fault, number) = fault.split_once('=').unwrap_or((fault, ""));
        let fault = match (fault, number.parse::<u32>()) {
            ("slow", Ok(ms)) => Fault::Slow(Duration::from_millis(ms.into())),
            ("429", Ok(seconds)) => Fault::TooManyRequests(seconds),
            _ if !number.is_empty() => return Err(usage()),
            ("hang", _) => Fault::Hang,
            ("truncated", _) => Fault::Truncated,
            ("reset", _) => Fault::Reset,
            ("lost", _) => Fault::Lost,
            (status, _) => match status.parse() {
                Ok(status @ (403 | 500..=599)) => Fault::Error(status),
                _ => return Err(usage()),
            },
        };
        let path = path.to_owned();
        Ok(Rule {
            fault,
            when,
            method,
            path,
        })
    }
}
