//! 1,000 applies and updates of one ConfigMap, against a model that knows of each key its value and its managers.
//!
//! The model's rules are those of Kubernetes' documentation: an apply that would change a key of another manager is a
//! conflict unless it is forced; the manager that changes a value is its only manager; managers that apply the same value
//! share it; a key that its last manager no longer applies is removed.
//! <https://kubernetes.io/docs/reference/using-api/server-side-apply/>

use std::collections::{BTreeMap, BTreeSet};

use apiserver::{Cluster, Options};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{Api, Patch, PatchParams, PostParams};
use kube::{Client, Error, ResourceExt};
use oorandom::Rand32;
use serde_json::{Value, json};

const KEYS: [&str; 4] = ["k1", "k2", "k3", "k4"];
const APPLIERS: [&str; 3] = ["a", "b", "c"];
const UPDATER: &str = "u";

/// Of each key its value and its managers.
#[derive(Clone, Debug, Default, PartialEq)]
struct Model(BTreeMap<String, (String, BTreeSet<String>)>);

impl Model {
    /// Applies a configuration. Returns the number of conflicts, and changes nothing if there are any.
    fn apply(&mut self, manager: &str, wanted: &BTreeMap<String, String>, force: bool) -> usize {
        let conflicts: usize = wanted
            .iter()
            .filter_map(|(key, value)| self.0.get(key).filter(|(old, _)| old != value))
            .map(|(_, managers)| managers.iter().filter(|other| *other != manager).count())
            .sum();
        if conflicts > 0 && !force {
            return conflicts;
        }
        for (key, value) in wanted {
            let (old, managers) = self.0.entry(key.clone()).or_default();
            if old != value {
                managers.clear();
            }
            old.clone_from(value);
            managers.insert(manager.to_owned());
        }
        self.0.retain(|key, (_, managers)| {
            if !wanted.contains_key(key) {
                managers.remove(manager);
            }
            !managers.is_empty()
        });
        0
    }

    /// Changes or removes a key.
    fn update(&mut self, key: &str, value: Option<&str>) {
        match (value, self.0.get(key)) {
            (None, _) => drop(self.0.remove(key)),
            (Some(value), Some((old, _))) if value == old => {}
            (Some(value), _) => {
                let managers = BTreeSet::from([UPDATER.to_owned()]);
                self.0.insert(key.to_owned(), (value.to_owned(), managers));
            }
        }
    }

    /// The same of a real object.
    fn of(map: &ConfigMap) -> Model {
        let data = map.data.clone().unwrap_or_default().into_iter();
        let mut model = Model(
            data.map(|(key, value)| (key, (value, BTreeSet::new())))
                .collect(),
        );
        for entry in map.managed_fields() {
            let fields = &entry.fields_v1.as_ref().unwrap().0["f:data"];
            for name in fields
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name)
            {
                let key = name.strip_prefix("f:").unwrap();
                let (_, managers) = model.0.get_mut(key).expect("managed keys exist");
                managers.insert(entry.manager.clone().unwrap());
            }
        }
        model
    }
}

#[tokio::test]
async fn values_and_managers_are_what_a_model_says() {
    let cluster = Cluster::new(Options::default());
    let maps: Api<ConfigMap> = Api::default_namespaced(Client::new(cluster, "default"));
    let map = json!({ "metadata": { "name": "map" } });
    let map = serde_json::from_value(map).unwrap();
    maps.create(&PostParams::default(), &map).await.unwrap();
    let mut random = Rand32::new(25);
    let mut model = Model::default();
    let (mut refused, mut shared) = (0, 0);
    for step in 0..1_000 {
        let mut pick = |below: usize| random.rand_range(0..below as u32) as usize;
        if pick(4) == 0 {
            let (key, value) = (KEYS[pick(4)], [None, Some("1"), Some("2")][pick(3)]);
            let params = PatchParams {
                field_manager: Some(UPDATER.to_owned()),
                ..PatchParams::default()
            };
            let patch = Patch::Merge(json!({ "data": { key: value } }));
            maps.patch("map", &params, &patch).await.unwrap();
            model.update(key, value);
        } else {
            let manager = APPLIERS[pick(3)];
            let wanted: BTreeMap<String, String> = KEYS
                .iter()
                .filter_map(|key| Some(((*key).to_owned(), ["1", "2"].get(pick(4))?.to_string())))
                .collect();
            let force = pick(3) == 0;
            let mut config = json!({ "apiVersion": "v1", "kind": "ConfigMap" });
            if !wanted.is_empty() {
                config["data"] = serde_json::to_value(&wanted).unwrap();
            }
            let mut params = PatchParams::apply(manager);
            params.force = force;
            let applied = maps
                .patch("map", &params, &Patch::Apply::<Value>(config))
                .await;
            let conflicts = model.apply(manager, &wanted, force);
            match applied {
                Ok(_) => assert_eq!(conflicts, 0, "step {step}"),
                Err(Error::Api(status)) => {
                    assert_eq!(status.code, 409, "step {step}");
                    let causes = status.details.unwrap().causes;
                    assert_eq!(causes.len(), conflicts, "step {step}: {causes:?}");
                    refused += 1;
                }
                Err(error) => panic!("step {step}: {error}"),
            }
        }
        let now = maps.get("map").await.unwrap();
        assert_eq!(Model::of(&now), model, "step {step}");
        shared += usize::from(model.0.values().any(|(_, managers)| managers.len() > 1));
    }
    assert!(
        refused > 100 && shared > 100,
        "{refused} conflicts, shared after {shared} steps"
    );
}
