//! Watches each kind, and looks the resources up in a copy that is kept up to date: without a request, once it is warm.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use futures::StreamExt;
use kube::core::{ApiResource, DynamicObject};
use kube::runtime::reflector::{ObjectRef, Store, reflector, store::Writer};
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Api, Client};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use crate::calls::lost;
use crate::health::Health;
use crate::obedient::obedient;
use crate::{Answer, Failure, Limits, Reason, Report, Resource, Tally};

/// Watches the kinds of the resources, checks the resources as soon as all objects are known, and stops watching.
pub async fn check(client: &Client, resources: &[Resource], limits: Limits) -> Report {
    check_counting(client, resources, limits, Arc::default()).await
}

/// Checks the resources, and counts each in an empty tally as soon as it is known.
pub async fn check_counting(
    client: &Client,
    resources: &[Resource],
    limits: Limits,
    tally: Arc<Tally>,
) -> Report {
    let watch = Watch::start(client, resources);
    watch.check_counting(resources, limits, tally).await
}

/// A copy of some kinds, in all namespaces, that follows the cluster until it is dropped.
pub struct Watch {
    kinds: HashMap<ApiResource, (Store<DynamicObject>, Health)>,
    /// Requests that no report has counted yet.
    tries: Arc<AtomicU64>,
    _tasks: JoinSet<()>,
}

impl Watch {
    /// Starts to watch the kinds of these resources. Panics outside a Tokio runtime.
    // ANCHOR: start
    pub fn start(client: &Client, resources: &[Resource]) -> Watch {
        let (mut kinds, mut tasks) = (HashMap::new(), JoinSet::new());
        let tries = Arc::new(AtomicU64::new(0));
        for kind in resources.iter().map(|resource| &resource.kind) {
            if kinds.contains_key(kind) {
                continue;
            }
            let health = Health::new();
            let client = obedient(client, tries.clone(), health.clone());
            let objects: Api<DynamicObject> = Api::all_with(client, kind);
            let writer = Writer::new(kind.clone());
            kinds.insert(kind.clone(), (writer.as_reader(), health.clone()));
            let events = watcher(objects, watcher::Config::default()).default_backoff();
            let events = reflector(writer, events);
            tasks.spawn(events.for_each(move |event| {
                follow(&health, event);
                std::future::ready(())
            }));
        }
        Watch {
            kinds,
            tries,
            _tasks: tasks,
        }
    }
    // ANCHOR_END: start

    /// Checks the resources, once all objects of their kinds are known. A kind whose watch is interrupted is unknown, if
    /// it is so until the deadline. The report counts the requests since the last one.
    pub async fn check(&self, resources: &[Resource], limits: Limits) -> Report {
        self.check_counting(resources, limits, Arc::default()).await
    }

    async fn check_counting(
        &self,
        resources: &[Resource],
        limits: Limits,
        tally: Arc<Tally>,
    ) -> Report {
        let deadline = Instant::now() + limits.deadline;
        let mut answers = Vec::with_capacity(resources.len());
        for resource in resources {
            let answer = self.answer(resource, deadline).await;
            tally.add(answer.counts());
            answers.push((resource.clone(), answer));
        }
        Report {
            answers,
            counts: tally.counts(),
            // Relaxed: a count, which publishes nothing.
            tries: self.tries.swap(0, Relaxed),
        }
    }

    // ANCHOR: answer
    async fn answer(&self, resource: &Resource, deadline: Instant) -> Answer {
        let Some((store, health)) = self.kinds.get(&resource.kind) else {
            return unknown(crate::Cause::Invalid("its kind isn't watched".to_owned()));
        };
        if timeout_at(deadline, health.current()).await.is_err() {
            return unknown(health.why_not());
        }
        let mut key = ObjectRef::new_with(&resource.name, resource.kind.clone());
        key.namespace = resource.namespace.clone();
        match store.get(&key) {
            Some(object) => Answer::of(&resource.kind, &object),
            None => Answer::CannotBe(Reason::Gone),
        }
    }
    // ANCHOR_END: answer
}

fn follow(health: &Health, event: watcher::Result<watcher::Event<DynamicObject>>) {
    match event {
        Ok(watcher::Event::Init) => health.complete(false),
        Ok(watcher::Event::InitDone) => health.complete(true),
        Ok(_) => {}
        Err(error) => health.broke(lost(error)),
    }
}

fn unknown(cause: crate::Cause) -> Answer {
    Answer::Unknown(Failure { cause, tries: 0 })
}
