//! A million hostile payloads pass through the encoder and an independent parser. None forges an event.

use oorandom::Rand32;
use sse::event::{Event, Message};

#[path = "eventsource/mod.rs"]
mod eventsource;
use eventsource::Parser;

const PAYLOADS: u32 = 1_000_000;

/// Pieces that mean something in the format, and characters that text processing gets wrong.
const PIECES: [&str; 20] = [
    "\r", "\n", "\r\n", "\0", ":", " ", "data: ", "data", "event: x", "id: 666", "retry: 1",
    "\n\n", "\u{feff}", "\u{2028}", "\u{85}", "é", "😀", "a", "{", "\"",
];

/// What half of the payloads begin or end with.
const EDGES: [&str; 4] = ["\r", "\n", "\0", ":"];

fn text(random: &mut Rand32, hostile: bool) -> String {
    let piece = |random: &mut Rand32, of: &[&'static str]| {
        of[random.rand_range(0..of.len() as u32) as usize]
    };
    let mut text = String::new();
    for _ in 0..random.rand_range(0..8) {
        text += piece(random, &PIECES);
    }
    if hostile {
        let edge = piece(random, &EDGES);
        match random.rand_range(0..2) {
            0 => text.insert_str(0, edge),
            _ => text += edge,
        }
    }
    text
}

#[test]
fn no_payload_forges_an_event() {
    let mut random = Rand32::new(5);
    let mut refused = 0;
    let mut parser = Parser::default();
    for number in 0..PAYLOADS {
        let name = text(&mut random, number % 4 == 0);
        let data = text(&mut random, number % 4 == 1);
        let message = match Message::new(data.clone()).named(name.clone()) {
            Ok(message) => message,
            Err(bad) => {
                assert!(name.contains(['\r', '\n', '\0']), "{name:?}: {bad}");
                refused += 1;
                Message::new(data.clone())
            }
        };
        let named = !name.contains(['\r', '\n', '\0']) && !name.is_empty();
        let event = Event::encode(&message, "run-1", Some(1));
        let got = parser.feed(&event.frame);
        assert_eq!(got.len(), 1, "{name:?}, {data:?}: {got:?}");
        assert_eq!(got[0].event, if named { &name } else { "message" });
        assert_eq!(got[0].data, data.replace("\r\n", "\n").replace('\r', "\n"));
        assert_eq!(got[0].id, "run-1");
    }
    assert_eq!(parser.retry(), None);
    assert_eq!(parser.comments(), 0);
    assert!(refused > PAYLOADS / 4, "{refused} names were refused");
}
