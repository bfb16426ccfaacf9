//! An event on the wire.

use bytes::Bytes;
use serde::Deserialize;

/// The answer to POST /publish.
pub(crate) const PUBLISHED: &str = "{\"published\":true}\n";

#[derive(Deserialize)]
struct Publication {
    data: String,
}

/// Encodes the event in the body of POST /publish, once for all clients.
pub(crate) fn encode(id: u64, body: &[u8]) -> Result<Bytes, String> {
    let publication: Publication =
        serde_json::from_slice(body).map_err(|error| format!("{error}\n"))?;
    let mut event = format!("id: 0-{id}\n");
    for line in publication.data.split('\n') {
        event.extend(["data: ", line, "\n"]);
    }
    event.push('\n');
    Ok(event.into())
}
