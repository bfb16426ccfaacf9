//! Measures rollouts on the real clock: the chapter's manifest, by server-side apply to 50 embedded servers that take 2 s
//! for a PATCH and nothing for the rest. `scripts/bench deploy` runs it.

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use apiserver::{Fault, Faults, Fleet, Options, Rule, When};
use clap::Parser;
use deploy::kubernetes::{Cluster, Manifest, Mode};
use deploy::{Kind, Plan, Settings, Strategy};
use diagram::{Bars, Measurement, WIDTH};
use http::Method;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};

const CLUSTERS: usize = 50;
const PATCH: Duration = Duration::from_secs(2);
const LIMIT: usize = 10;
/// The talk's figure.
const EXPECTED: Duration = Duration::from_secs(10);
const STRATEGIES: [Strategy; 2] = [Strategy::Batches, Strategy::Window];

/// Measures rollouts to 50 embedded servers, in turns, and prints the results
#[derive(Parser)]
#[command(name = "measure_apply")]
struct Arguments {
    /// How often each strategy is measured
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
}

#[tokio::main]
async fn main() -> ExitCode {
    match measure(Arguments::parse().rounds).await {
        Ok(measured) => {
            print!("{}", page(&measured));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("measure_apply: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the seconds that each strategy took in each round.
async fn measure(rounds: u32) -> Result<[Vec<f64>; 2], Box<dyn Error>> {
    let mut measured = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        for (strategy, seconds) in STRATEGIES.into_iter().zip(&mut measured) {
            // New servers, so that there is something to change.
            let fleet = start()?;
            let clusters = clusters(&fleet).await?;
            let plan = Plan::new(Settings {
                limit: LIMIT,
                ..Settings::default()
            })?;
            let apply = |cluster: Arc<Cluster>| async move { cluster.apply().await };
            let start = Instant::now();
            let rollout = strategy.deploy(clusters, plan, apply).await;
            seconds.push(start.elapsed().as_secs_f64());
            let counts = rollout.counts();
            if counts.of(Kind::Applied) != CLUSTERS as u64 {
                return Err(format!("{strategy}: {counts}").into());
            }
        }
    }
    Ok(measured)
}

fn start() -> std::io::Result<Fleet> {
    let slow = Rule {
        fault: Fault::Slow(PATCH),
        when: When::Always,
        method: Some(Method::PATCH),
        path: String::new(),
    };
    Fleet::start(Fleet::names(CLUSTERS).into_iter().map(|name| Options {
        name,
        faults: Faults {
            rules: vec![slow.clone()],
            ..Faults::default()
        },
        ..Options::default()
    }))
}

async fn clusters(fleet: &Fleet) -> Result<Vec<Arc<Cluster>>, Box<dyn Error>> {
    let manifest = Arc::new(Manifest::parse(include_str!("../manifest.yaml"))?);
    let kubeconfig = Kubeconfig::from_yaml(&fleet.kubeconfig)?;
    let mut clusters = Vec::with_capacity(CLUSTERS);
    for context in &kubeconfig.contexts {
        let options = KubeConfigOptions {
            context: Some(context.name.clone()),
            ..KubeConfigOptions::default()
        };
        let config = Config::from_custom_kubeconfig(kubeconfig.clone(), &options).await?;
        let client = Client::try_from(config)?;
        let cluster = Cluster::new(client, "default", manifest.clone(), Mode::Apply);
        clusters.push(Arc::new(cluster));
    }
    Ok(clusters)
}

fn page(measured: &[Vec<f64>; 2]) -> String {
    let rows = STRATEGIES
        .into_iter()
        .zip(measured)
        .map(|(strategy, seconds)| {
            let (low, median, high) = spread(seconds);
            Measurement::new(strategy.to_string(), median).between(low, high)
        });
    let bars = Bars {
        title: Some(format!(
            "the chapter's manifest to {CLUSTERS} servers that take {} s for a PATCH, {LIMIT} at once",
            PATCH.as_secs()
        )),
        unit: "s".to_owned(),
        rows: rows.collect(),
        ..Bars::default()
    };
    let bars = bars
        .text(WIDTH)
        .unwrap_or_else(|error| format!("{error}\n"));
    let (low, median, high) = spread(&measured[1]);
    let expected = EXPECTED.as_secs_f64();
    let verdict = if low <= expected * 1.05 {
        "met"
    } else {
        "missed"
    };
    let (low, median, high) = (low / expected, median / expected, high / expected);
    format!(
        "\n{bars}\nwindow ÷ 10 s at most 1.05 ({median:.3}, {low:.3} to {high:.3}): {verdict}\n"
    )
}

/// The lowest, the median and the highest.
fn spread(seconds: &[f64]) -> (f64, f64, f64) {
    let mut sorted = seconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    (
        sorted[0],
        sorted[sorted.len() / 2],
        sorted[sorted.len() - 1],
    )
}
