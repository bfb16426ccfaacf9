//! The parser that other tests rely on, checked against the rules and examples of the standard.

#[path = "eventsource/mod.rs"]
mod eventsource;

use eventsource::{Message, Parser};

/// What a parser makes of a stream.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    messages: Vec<Message>,
    last_event_id: String,
    retry: Option<u64>,
    comments: usize,
}

fn feed<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut parser = Parser::default();
    Outcome {
        messages: chunks.into_iter().flat_map(|c| parser.feed(c)).collect(),
        last_event_id: parser.last_event_id().to_owned(),
        retry: parser.retry(),
        comments: parser.comments(),
    }
}

/// Parses a stream whole, byte by byte, and cut in two at each position. All results must agree.
fn parse(stream: impl AsRef<[u8]>) -> Outcome {
    let stream = stream.as_ref();
    let whole = feed([stream]);
    assert_eq!(feed(stream.chunks(1)), whole, "byte by byte");
    for at in 0..=stream.len() {
        let (before, after) = stream.split_at(at);
        assert_eq!(feed([before, after]), whole, "cut at {at}");
    }
    whole
}

fn messages(stream: impl AsRef<[u8]>) -> Vec<Message> {
    parse(stream).messages
}

/// Returns the data of each message.
fn data(stream: impl AsRef<[u8]>) -> Vec<String> {
    messages(stream).into_iter().map(|m| m.data).collect()
}

fn message(event: &str, data: &str, id: &str) -> Message {
    Message {
        event: event.to_owned(),
        data: data.to_owned(),
        id: id.to_owned(),
    }
}

const NONE: [&str; 0] = [];

// The examples of the standard, in its order.

#[test]
fn the_example_of_three_messages_passes() {
    let stream = "data: This is the first message.\n\n\
                  data: This is the second message, it\ndata: has two lines.\n\n\
                  data: This is the third message.\n\n";
    let expected = [
        message("message", "This is the first message.", ""),
        message(
            "message",
            "This is the second message, it\nhas two lines.",
            "",
        ),
        message("message", "This is the third message.", ""),
    ];
    assert_eq!(messages(stream), expected);
}

#[test]
fn the_example_of_two_event_types_passes() {
    let stream = "event: add\ndata: 73857293\n\n\
                  event: remove\ndata: 2153\n\n\
                  event: add\ndata: 113411\n\n";
    let expected = [
        message("add", "73857293", ""),
        message("remove", "2153", ""),
        message("add", "113411", ""),
    ];
    assert_eq!(messages(stream), expected);
}

#[test]
fn the_example_of_a_stock_ticker_passes() {
    assert_eq!(data("data: YHOO\ndata: +2\ndata: 10\n\n"), ["YHOO\n+2\n10"]);
}

#[test]
fn the_example_of_four_blocks_passes() {
    let stream = ": test stream\n\n\
                  data: first event\nid: 1\n\n\
                  data:second event\nid\n\n\
                  data:  third event\n";
    let mut expected = vec![
        message("message", "first event", "1"),
        message("message", "second event", ""),
    ];
    assert_eq!(messages(stream), expected);

    // Only a blank line dispatches the last.
    expected.push(message("message", " third event", ""));
    let ended = parse(format!("{stream}\n"));
    assert_eq!(ended.messages, expected);
    assert_eq!(ended.comments, 1);
}

#[test]
fn the_example_of_empty_data_passes() {
    assert_eq!(data("data\n\ndata\ndata\n\ndata:"), ["", "\n"]);
}

#[test]
fn the_example_of_an_optional_space_passes() {
    assert_eq!(data("data:test\n\ndata: test\n\n"), ["test", "test"]);
}

// Lines and characters.

#[test]
fn a_line_may_end_with_cr_lf_or_both() {
    for end in ["\r", "\n", "\r\n"] {
        let stream = "data: a\ndata: b\n\ndata: c\n\n".replace('\n', end);
        assert_eq!(data(stream), ["a\nb", "c"], "{end:?}");
    }
}

#[test]
fn line_ends_may_be_mixed() {
    for blank in [
        "\r\r", "\n\n", "\n\r", "\r\n\r", "\r\n\n", "\r\r\n", "\n\r\n",
    ] {
        assert_eq!(data(format!("data: a{blank}")), ["a"], "{blank:?}");
    }
}

#[test]
fn cr_lf_is_one_line_end() {
    assert_eq!(data("data: a\r\n"), NONE);
    assert_eq!(data("data: a\r\ndata: b\r\n\r\n"), ["a\nb"]);
}

#[test]
fn a_cr_ends_an_event_before_its_lf_arrives() {
    let mut parser = Parser::default();
    let event = [message("message", "a", "")];
    assert_eq!(parser.feed(b"data: a\r\n\r"), event);
    assert_eq!(parser.feed(b"\n"), []);
}

#[test]
fn other_separators_do_not_end_a_line() {
    let text = "a\u{b}b\u{c}c\u{85}d\u{2028}e\u{2029}f\0g";
    assert_eq!(data(format!("data: {text}\n\n")), [text]);
}

#[test]
fn a_byte_order_mark_is_removed_once_and_at_the_start_only() {
    assert_eq!(data("\u{FEFF}data: a\n\n"), ["a"]);
    assert_eq!(parse("\u{FEFF}: hello\n").comments, 1);
    assert_eq!(data("\u{FEFF}\u{FEFF}data: a\n\n"), NONE);
    assert_eq!(data("\n\u{FEFF}data: a\n\n"), NONE);
    assert_eq!(data("data: \u{FEFF}a\n\n"), ["\u{FEFF}a"]);
    // A mark alone is an empty line, and uses up the one mark that is allowed.
    assert_eq!(data("\u{FEFF}\n\u{FEFF}data: a\n\n"), NONE);
}

#[test]
fn part_of_a_byte_order_mark_is_invalid_text() {
    assert_eq!(data(b"\xEF\xBBdata: a\n\n"), NONE);
}

#[test]
fn characters_of_any_length_survive() {
    assert_eq!(data("data: aé€😀\n\n"), ["aé€😀"]);
    assert_eq!(
        messages("event: é\nid: 😀\ndata: €\n\n"),
        [message("é", "€", "😀")]
    );
}

#[test]
fn invalid_utf_8_is_replaced() {
    let cases: [(&[u8], &str); 7] = [
        (b"a\xFFb", "a\u{FFFD}b"),
        // A sequence that is cut short becomes one replacement character.
        (b"a\xF0\x9F\x98b", "a\u{FFFD}b"),
        (b"a\xE2\x82", "a\u{FFFD}"),
        // Each byte that no sequence can contain there becomes one replacement character.
        (b"\xC0\x80", "\u{FFFD}\u{FFFD}"),
        (b"\xED\xA0\x80", "\u{FFFD}\u{FFFD}\u{FFFD}"),
        (b"\xF4\x90\x80\x80", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
        (b"\xE2\xE2\x82\xAC", "\u{FFFD}€"),
    ];
    for (bytes, text) in cases {
        for end in ["\n\n", "\r\r", "\r\n\r\n"] {
            let stream = [b"data: ", bytes, end.as_bytes()].concat();
            assert_eq!(data(stream), [text], "{bytes:x?} {end:?}");
        }
    }
}

// Fields.

#[test]
fn comments_are_counted_and_change_nothing() {
    let outcome = parse(":\n: a\n:data: b\ndata: c\n:d\ndata: e\n\n");
    assert_eq!(outcome.messages, [message("message", "c\ne", "")]);
    assert_eq!(outcome.comments, 4);
}

#[test]
fn a_comment_counts_once_its_line_ends() {
    assert_eq!(parse(": a").comments, 0);
    assert_eq!(parse(": a\n").comments, 1);
}

#[test]
fn one_leading_space_is_removed_and_nothing_else() {
    assert_eq!(data("data:  a \n\n"), [" a "]);
    assert_eq!(data("data:\ta\n\n"), ["\ta"]);
    assert_eq!(data("data: \n\n"), [""]);
    assert_eq!(
        messages("event:  a\nid:  b\ndata\n\n"),
        [message(" a", "", " b")]
    );
}

#[test]
fn the_first_colon_ends_the_name() {
    assert_eq!(
        data("data: a: b\n\ndata::c\n\ndata:: d\n\n"),
        ["a: b", ":c", ": d"]
    );
}

#[test]
fn empty_data_is_dispatched() {
    assert_eq!(data("data\n\ndata:\n\n"), ["", ""]);
    assert_eq!(data("data: a\ndata\ndata:\n\n"), ["a\n\n"]);
    assert_eq!(data("data\ndata: a\n\n"), ["\na"]);
}

#[test]
fn without_data_nothing_is_dispatched() {
    assert_eq!(data("\n\n\nevent: a\nid: 1\nretry: 2\n: b\n\n"), NONE);
}

#[test]
fn the_type_ends_with_its_event_even_if_that_had_no_data() {
    let expected = [message("message", "b", "")];
    assert_eq!(messages("event: a\n\ndata: b\n\n"), expected);
    assert_eq!(
        messages("event: a\ndata\n\ndata: b\n\n")[1..],
        expected,
        "with data"
    );
}

#[test]
fn the_last_type_of_an_event_counts_and_an_empty_one_is_none() {
    let expected = [message("b", "", ""), message("message", "", "")];
    assert_eq!(
        messages("event: a\ndata\nevent: b\n\nevent: a\ndata\nevent\n\n"),
        expected
    );
}

#[test]
fn an_id_stays_until_the_next() {
    let stream = "id: 1\ndata: a\n\ndata: b\n\ndata: c\nid: 2\n\nid\ndata: d\n\n";
    let expected = [
        message("message", "a", "1"),
        message("message", "b", "1"),
        message("message", "c", "2"),
        message("message", "d", ""),
    ];
    assert_eq!(messages(stream), expected);
}

#[test]
fn an_id_counts_without_data_but_not_before_its_blank_line() {
    assert_eq!(parse("id: 1\n\n").last_event_id, "1");
    assert_eq!(parse("id: 1\n\nid: 2\ndata: a\n").last_event_id, "1");
    assert_eq!(
        messages("id: 1\n\ndata: a\n\n"),
        [message("message", "a", "1")]
    );
}

#[test]
fn an_id_with_nul_is_ignored() {
    let outcome = parse("id: 1\nid: 2\0\nid:\0\ndata: a\n\n");
    assert_eq!(outcome.messages, [message("message", "a", "1")]);
    assert_eq!(outcome.last_event_id, "1");
}

#[test]
fn retry_takes_ascii_digits_only() {
    for (value, retry) in [("0", 0), ("1500", 1500), ("007", 7)] {
        assert_eq!(parse(format!("retry: {value}\n")).retry, Some(retry));
    }
    for value in ["", " 1", "1 ", "+1", "-1", "1.5", "1e3", "0x1", "1a", "١"] {
        let stream = format!("retry: 5\nretry: {value}\n");
        assert_eq!(parse(stream).retry, Some(5), "{value:?}");
    }
    assert_eq!(parse("retry\n").retry, None);
}

#[test]
fn retry_counts_once_its_line_ends() {
    assert_eq!(parse("retry: 5\n\nretry: 6").retry, Some(5));
    assert_eq!(parse("retry: 5\n\nretry: 6\n").retry, Some(6));
}

#[test]
fn a_retry_too_large_is_the_largest() {
    assert_eq!(parse("retry: 18446744073709551616\n").retry, Some(u64::MAX));
}

#[test]
fn unknown_fields_are_ignored_and_case_matters() {
    let stream = "Data: a\nDATA: b\ndata : c\n data: d\ndatas: e\ndat\n\
                  Event: f\nID: 1\nRetry: 2\nfoo\nfoo: bar\ndata: g\n\n";
    let outcome = parse(stream);
    assert_eq!(outcome.messages, [message("message", "g", "")]);
    assert_eq!((outcome.retry, outcome.comments), (None, 0));
}

#[test]
fn an_incomplete_event_is_never_returned() {
    let stream = "event: a\nid: 1\ndata: b\ndata: c\n\n";
    for end in 0..stream.len() {
        let outcome = parse(&stream[..end]);
        assert_eq!(outcome.messages, [], "cut at {end}");
        assert_eq!(outcome.last_event_id, "", "cut at {end}");
    }
    assert_eq!(messages(stream), [message("a", "b\nc", "1")]);
}

/// Tries every short stream of the pieces that matter; `parse` cuts each at every position.
#[test]
fn the_position_of_a_cut_makes_no_difference() {
    const PIECES: [&[u8]; 8] = [
        b"data",
        b"id",
        b":",
        b" ",
        b"\r",
        b"\n",
        b"\xEF\xBB\xBF",
        b"\xE2\x82",
    ];
    for n in 0..PIECES.len().pow(4) {
        let pieces = (0..4).map(|i| PIECES[n / PIECES.len().pow(i) % PIECES.len()]);
        parse(pieces.collect::<Vec<_>>().concat());
    }
}
