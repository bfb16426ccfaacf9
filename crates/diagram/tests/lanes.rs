//! Executions as lanes: the pictures, and the errors for bad data.

use diagram::{Error, Lanes, Mark, Step};
use expect_test::{Expect, expect};

fn lanes<const N: usize>(names: [&str; N], steps: Vec<Step>) -> Lanes {
    Lanes {
        lanes: names.map(str::to_owned).to_vec(),
        steps,
        // One line without an indent: `expect!` removes an indent that all lines share.
        result: Some("ok".to_owned()),
        ..Lanes::default()
    }
}

fn drawn(lanes: &Lanes, picture: Expect) {
    picture.assert_eq(&lanes.to_string());
}

#[test]
fn a_lost_update() {
    let lanes = Lanes {
        title: Some("Two increments, one lost".into()),
        result: Some("counter = 1".into()),
        verdict: Some("should be 2".into()),
        notes: vec!["4 of 8 executions fail.".into()],
        ..lanes(
            ["worker 1", "worker 2"],
            vec![
                Step::new(0, "value.load(Relaxed)").returns("0"),
                Step::new(1, "value.load(Relaxed)")
                    .returns("0")
                    .marked(Mark::Stale),
                Step::new(1, "value.store(1)"),
                Step::new(0, "value.store(1)"),
            ],
        )
    };
    drawn(
        &lanes,
        expect![[r#"
        Two increments, one lost

              worker 1                                worker 2
          1   value.load(Relaxed)   → 0
          2                                           value.load(Relaxed)   → 0  stale
          3                                           value.store(1)
          4   value.store(1)
        Result: counter = 1  × should be 2
        4 of 8 executions fail.
    "#]],
    );
}

#[test]
fn marks_are_printed_as_words() {
    let lanes = Lanes {
        result: None,
        verdict: Some("never returns".into()),
        ..lanes(
            ["main", "waiter"],
            vec![
                Step::new(0, "flag.load()")
                    .returns("false")
                    .marked(Mark::Stale),
                Step::new(1, "waker.wait()").marked(Mark::Blocked),
                Step::new(0, "slot.take().unwrap()")
                    .returns("None")
                    .marked(Mark::Panicked),
                Step::new(1, "join()").marked(Mark::Stale),
            ],
        )
    };
    drawn(
        &lanes,
        expect![[r#"
              main                                   waiter
          1   flag.load()   → false  stale
          2                                          waker.wait()   waits forever
          3   slot.take().unwrap()
                → None  panicked
          4                                          join()         stale
        × never returns
    "#]],
    );
}

#[test]
fn if_one_long_text_does_not_fit_all_short_texts_are_used() {
    let step = |lane, text: &str, short: Option<&str>| Step {
        short: short.map(str::to_owned),
        ..Step::new(lane, text).returns("0")
    };
    let mut picture = lanes(
        ["worker 1", "worker 2", "main"],
        vec![
            step(0, "statistics.requests.load(Relaxed)", Some("load")),
            step(1, "value.load(Relaxed)", Some("load")),
            step(2, "join()", None),
        ],
    );
    drawn(
        &picture,
        expect![[r#"
                  worker 1            worker 2            main
              1   load   → 0
              2                       load   → 0
              3                                           join()   → 0
            Result: ok
        "#]],
    );
    picture.lanes.truncate(2);
    picture.steps.truncate(2);
    drawn(
        &picture,
        expect![[r#"
                  worker 1          worker 2
              1   load   → 0
              2                     load   → 0
            Result: ok
        "#]],
    );
}

#[test]
fn a_step_without_a_short_text_does_not_shorten_the_others() {
    let load = |lane| Step {
        short: Some("load".to_owned()),
        ..Step::new(lane, "value.load(Relaxed)").returns("0")
    };
    let message = "called `Option::unwrap()` on a `None` value";
    let panic = Step::new(1, message).marked(Mark::Panicked);
    let lanes = lanes(["worker 1", "worker 2"], vec![load(0), load(1), panic]);
    drawn(
        &lanes,
        expect![[r#"
              worker 1                               worker 2
          1   value.load(Relaxed)   → 0
          2                                          value.load(Relaxed)   → 0
          3                                          called `Option::unwrap()` on a
                                                       `None` value        panicked
        Result: ok
    "#]],
    );
}

#[test]
fn text_that_does_not_fit_is_broken_inside_its_lane() {
    let lanes = lanes(
        ["the worker that came first", "worker 2", "main"],
        vec![
            Step::new(0, "registry.lock().expect(\"poisoned\").insert(connection)")
                .returns("Some(Connection { id: 7, open: true })"),
            Step::new(1, "value.compare_exchange_weak(0, 1, AcqRel, Relaxed)")
                .returns("Err(3)")
                .marked(Mark::Stale),
            Step::new(2, "handle.join()").returns("Ok(())"),
            Step::new(2, "aWordWithoutAnyPlaceWhereItMightBeBroken"),
        ],
    );
    drawn(
        &lanes,
        expect![[r#"
                  the worker that came      worker 2                  main
                  first
              1   registry.lock().
                    expect("poisoned").
                    insert(connection)
                    → Some(Connection {
                      id: 7, open: true
                      })
              2                             value.compare_
                                              exchange_weak(0, 1,
                                              AcqRel, Relaxed)
                                              → Err(3)  stale
              3                                                       handle.join()
                                                                        → Ok(())
              4                                                       aWordWithoutAnyPlaceWh
                                                                        ereItMightBeBroken
            Result: ok
        "#]],
    );
}

#[test]
fn the_arrows_of_a_lane_are_aligned_where_possible() {
    let lanes = lanes(
        ["worker 1", "worker 2"],
        vec![
            Step::new(0, "slots.load(Acquire)").returns("7"),
            Step::new(0, "get()").returns("Some(\"seven of hearts\")"),
            Step::new(1, "slots.load(Acquire)").returns("7"),
        ],
    );
    drawn(
        &lanes,
        expect![[r#"
                  worker 1                               worker 2
              1   slots.load(Acquire)   → 7
              2   get()     → Some("seven of hearts")
              3                                          slots.load(Acquire)   → 7
            Result: ok
        "#]],
    );
}

#[test]
fn lanes_without_steps_show_their_names() {
    drawn(
        &lanes(["main", "日本"], vec![]),
        expect![[r#"
                  main            日本
            Result: ok
        "#]],
    );
}

#[test]
fn bad_data_gives_an_error() {
    let mut messages = String::new();
    let mut fails = |lanes: Lanes| {
        let error = lanes.text(80).unwrap_err();
        assert_eq!(lanes.to_string(), format!("{error}\n"));
        messages += &format!("{error}\n");
    };
    fails(Lanes::default());
    fails(lanes(
        ["main"],
        vec![Step::new(0, "fine"), Step::new(1, "nowhere")],
    ));
    fails(lanes(["two\nlines"], vec![]));
    fails(lanes(["main"], vec![Step::new(0, "a\rb")]));
    fails(lanes(["main"], vec![Step::new(0, "a").returns("\u{7}")]));
    fails(Lanes {
        result: Some("\n".into()),
        ..lanes(["main"], vec![])
    });
    fails(Lanes {
        verdict: Some("\n".into()),
        ..lanes(["main"], vec![])
    });
    fails(lanes([""; 10], vec![]));
    expect![[r#"
        the picture has no lanes; add at least one
        step 2 is in lane 1, but the last lane is 0
        the label "two\nlines" contains '\n'; a label must be a single line of plain text
        the label "a\rb" contains '\r'; a label must be a single line of plain text
        the label "\u{7}" contains '\u{7}'; a label must be a single line of plain text
        the label "\n" contains '\n'; a label must be a single line of plain text
        the label "\n" contains '\n'; a label must be a single line of plain text
        80 cells have no room for 10 lanes of at least 8 cells; use shorter text or a wider picture
    "#]]
    .assert_eq(&messages);
}

#[test]
fn eight_cells_per_lane_are_enough() {
    // Three cells for the number, three blanks, two lanes of eight, four blanks between them.
    let lanes = lanes(
        ["worker 1", "worker 2"],
        vec![Step::new(1, "value.load(Relaxed)").returns("0")],
    );
    assert!(matches!(
        lanes.text(25),
        Err(Error::NoRoom { width: 25, .. })
    ));
    expect![[r#"
              worker 1    worker 2
          1               value.
                            load(
                            Relaxe
                            d)
                            → 0
        Result: ok
    "#]]
    .assert_eq(&lanes.text(26).unwrap());
}
