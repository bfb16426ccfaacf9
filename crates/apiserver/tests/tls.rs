//! TLS, and the token that a server with TLS can require.

use apiserver::{Load, Options, Security, Server, talk};
use k8s_openapi::api::apps::v1::Deployment;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Api, Client, Config, Error};

fn start(security: Security) -> (Server, Kubeconfig) {
    let server = Server::start(Options {
        security,
        load: Load::Talk,
        ..Options::default()
    });
    let server = server.unwrap();
    let kubeconfig = Kubeconfig::from_yaml(&server.kubeconfig).unwrap();
    (server, kubeconfig)
}

async fn ask(kubeconfig: Kubeconfig) -> Result<Deployment, Error> {
    let options = KubeConfigOptions::default();
    let mut config = Config::from_custom_kubeconfig(kubeconfig, &options)
        .await
        .unwrap();
    config.default_retry = false;
    let client = Client::try_from(config).unwrap();
    Api::namespaced(client, talk::NAMESPACE).get("web-01").await
}

#[tokio::test]
async fn the_kubeconfig_names_the_authority() {
    let (server, kubeconfig) = start(Security::Tls);
    assert!(
        server.url.starts_with("https://127.0.0.1:"),
        "{}",
        server.url
    );
    ask(kubeconfig).await.unwrap();
}

#[tokio::test]
async fn a_client_that_trusts_another_authority_refuses_the_server() {
    let (server, mut kubeconfig) = start(Security::Tls);
    let (_other, other) = start(Security::Tls);
    let authority = |config: &Kubeconfig| {
        config.clusters[0]
            .cluster
            .as_ref()
            .unwrap()
            .certificate_authority_data
            .clone()
    };
    let foreign = authority(&other);
    kubeconfig.clusters[0]
        .cluster
        .as_mut()
        .unwrap()
        .certificate_authority_data = foreign;
    assert!(matches!(ask(kubeconfig).await, Err(Error::Service(_))));
    assert_eq!(server.requests().total(), 0);
}

#[tokio::test]
async fn a_server_with_a_token_answers_to_no_other() {
    let (server, kubeconfig) = start(Security::Token);
    assert!(server.url.starts_with("https://"));
    let mut without = kubeconfig.clone();
    without.auth_infos[0].auth_info.as_mut().unwrap().token = None;
    let (_other, other) = start(Security::Token);
    let mut wrong = kubeconfig.clone();
    wrong.auth_infos = other.auth_infos;
    for refused in [without, wrong] {
        match ask(refused).await {
            Err(Error::Api(status)) => {
                assert_eq!((status.code, status.reason.as_str()), (401, "Unauthorized"));
            }
            other => panic!("expected 401, found {other:?}"),
        }
    }
    assert_eq!(server.requests().total(), 0, "the cluster isn't asked");
    ask(kubeconfig).await.unwrap();
}
