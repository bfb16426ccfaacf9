//! What is measured: each strategy, kube's own idiom, and the talk's check in Go.

use std::error::Error;
use std::num::NonZeroUsize;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use apiserver::{Faults, Load, Options, Server};
use futures::StreamExt;
use hibernation::watched::Watch;
use hibernation::{Answer, Counts, Limits, Resource, Scope, Strategy, find};
use kube::api::{Api, DynamicObject};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};

use crate::Arguments;

/// The rounds of one peer.
pub(crate) struct Measured {
    pub(crate) name: String,
    pub(crate) ms: Vec<f64>,
    /// The requests that the server counted, in each round.
    pub(crate) requests: Vec<u64>,
}

const LIMITS: Limits = Limits {
    in_flight: NonZeroUsize::new(10).unwrap(),
    deadline: Duration::from_secs(60),
};

/// What every check has to find.
const EXPECTED: Counts = Counts {
    can_be_hibernated: 85,
    hibernated: 42,
    unknown: 0,
};

type Failed = Box<dyn Error>;

/// Measures each peer once per round, in turns.
pub(crate) async fn measure(arguments: &Arguments) -> Result<Vec<Measured>, Failed> {
    let server = Server::start(Options {
        load: Load::Talk,
        faults: Faults::latency(Duration::from_millis(50)),
        ..Options::default()
    })?;
    let client = client(&server).await?;
    let resources = find(&client, &Scope::of_the_talk(), LIMITS).await?;
    let warm = Watch::start(&client, &resources);
    warm.check(&resources, LIMITS).await;
    // Six lists found the resources. The watch has sent six lists, and sends six watches.
    while server.requests().total() < 18 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.cluster.reset_requests();
    let mut measured: Vec<Measured> = Vec::new();
    for _ in 0..arguments.rounds {
        for strategy in Strategy::ALL {
            let name = match strategy {
                Strategy::Watched => "watched, cold".to_owned(),
                strategy => strategy.to_string(),
            };
            let check = strategy.check(&client, &resources, LIMITS, Arc::default());
            let check = async { check.await.counts };
            note(&mut measured, &server, name, timed(check).await?);
        }
        let check = async { warm.check(&resources, LIMITS).await.counts };
        note(
            &mut measured,
            &server,
            "watched, warm".to_owned(),
            timed(check).await?,
        );
        let check = buffer_unordered(&client, &resources);
        note(
            &mut measured,
            &server,
            "kube: buffer_unordered".to_owned(),
            timed(check).await?,
        );
        if let Some(program) = &arguments.go {
            let ms = go(program, &server.url)?;
            note(&mut measured, &server, "Go: batches".to_owned(), ms);
        }
    }
    Ok(measured)
}

async fn client(server: &Server) -> Result<Client, Failed> {
    let kubeconfig = Kubeconfig::from_yaml(&server.kubeconfig)?;
    let options = KubeConfigOptions::default();
    let mut config = Config::from_custom_kubeconfig(kubeconfig, &options).await?;
    config.default_retry = false;
    Ok(Client::try_from(config)?)
}

/// Returns how many milliseconds a check takes.
async fn timed(check: impl Future<Output = Counts>) -> Result<f64, Failed> {
    let start = Instant::now();
    let counts = check.await;
    let took = start.elapsed();
    if counts != EXPECTED {
        return Err(format!("found that {counts}, expected that {EXPECTED}").into());
    }
    Ok(took.as_secs_f64() * 1e3)
}

/// Notes a round, and the requests since the last note.
fn note(measured: &mut Vec<Measured>, server: &Server, name: String, ms: f64) {
    let requests = server.requests().total();
    server.cluster.reset_requests();
    match measured.iter_mut().find(|it| it.name == name) {
        Some(measured) => {
            measured.ms.push(ms);
            measured.requests.push(requests);
        }
        None => measured.push(Measured {
            name,
            ms: vec![ms],
            requests: vec![requests],
        }),
    }
}

/// The same check as it is usually written with kube.
async fn buffer_unordered(client: &Client, resources: &[Resource]) -> Counts {
    let answers = futures::stream::iter(resources).map(async |resource| {
        let namespace = resource.namespace.as_deref().unwrap_or_default();
        let objects: Api<DynamicObject> =
            Api::namespaced_with(client.clone(), namespace, &resource.kind);
        match objects.get(&resource.name).await {
            Ok(object) => Answer::of(&resource.kind, &object).counts(),
            Err(_) => Counts::UNKNOWN,
        }
    });
    let answers = answers.buffer_unordered(LIMITS.in_flight.get());
    answers
        .fold(Counts::NONE, async |sum, more| sum + more)
        .await
}

/// Runs the Go program, which finds the resources by six lists and then checks them once. Returns the milliseconds that it
/// prints.
fn go(program: &str, url: &str) -> Result<f64, Failed> {
    let output = Command::new(program).args(["-server", url]).output()?;
    let words = String::from_utf8(output.stdout)?;
    let expected = "42 of 85 are hibernated: Partially Hibernated\nmilliseconds ";
    let ms = words
        .strip_prefix(expected)
        .ok_or_else(|| format!("{program} printed {words:?}"))?;
    Ok(ms.trim().parse()?)
}
