//! Boxes in layers: the shapes that pictures need, and the errors for what can't be drawn clearly.

use diagram::{Block, Error, Flow, Node, Theme, WIDTH};
use expect_test::{Expect, expect};

fn drawn(flow: &Flow, picture: Expect) {
    picture.assert_eq(&flow.to_string());
}

/// Returns boxes whose text is their name.
fn nodes<const N: usize>(names: [&str; N]) -> [Node; N] {
    names.map(|name| Node::new(name, name))
}

/// Returns the three workers of a picture.
fn workers(text: [&str; 3]) -> [Node; 3] {
    let worker = |number: usize| {
        let title = format!("Worker {number}");
        Node::new(
            number.to_string(),
            Block::titled(title).text(text[number - 1]),
        )
    };
    [1, 2, 3].map(worker)
}

#[test]
fn arrows_to_and_from_several_boxes_share_a_line() {
    let flow = Flow::new()
        .layer([Node::new("request", "Request\n(handler)")])
        .layer([Node::new("add", "WaitGroup\nwg.add(3)")])
        .layer([
            Node::new("ci", "Fetch\nCI status\n(200 ms)"),
            Node::new("cd", "Fetch\nCD status\n(300 ms)"),
            Node::new("user", "Fetch\nuser data\n(150 ms)"),
        ])
        .layer([Node::new("wait", "wg.wait()")])
        .layer([Node::new("combine", "Combine\nresults")])
        .layer([Node::new("response", "Response")])
        .chain(["request", "add"])
        .fan_out("add", ["ci", "cd", "user"])
        .arrow_labelled("ci", "wait", "wg.done()")
        .arrow_labelled("cd", "wait", "wg.done()")
        .arrow("user", "wait")
        .chain(["wait", "combine", "response"])
        .note("Sequential: 200 + 300 + 150 = 650 ms")
        .note("Parallel: max(200, 300, 150) = 300 ms ✓ 2.2 times faster");
    drawn(
        &flow,
        expect![[r#"
                          ┌───────────┐
                          │  Request  │
                          │ (handler) │
                          └─────┬─────┘
                                │
                                ↓
                          ┌───────────┐
                          │ WaitGroup │
                          │ wg.add(3) │
                          └─────┬─────┘
                                │
              ┌─────────────────┼─────────────────┐
              ↓                 ↓                 ↓
        ┌───────────┐     ┌───────────┐     ┌───────────┐
        │   Fetch   │     │   Fetch   │     │   Fetch   │
        │ CI status │     │ CD status │     │ user data │
        │ (200 ms)  │     │ (300 ms)  │     │ (150 ms)  │
        └─────┬─────┘     └─────┬─────┘     └─────┬─────┘
              │ wg.done()       │ wg.done()       │
              └─────────────────┼─────────────────┘
                                ↓
                          ┌───────────┐
                          │ wg.wait() │
                          └─────┬─────┘
                                │
                                ↓
                           ┌─────────┐
                           │ Combine │
                           │ results │
                           └────┬────┘
                                │
                                ↓
                          ┌───────────┐
                          │ Response  │
                          └───────────┘

        Sequential: 200 + 300 + 150 = 650 ms
        Parallel: max(200, 300, 150) = 300 ms ✓ 2.2 times faster
    "#]],
    );
    let words = expect![[r#"
        Request (handler) leads to WaitGroup wg.add(3)
        WaitGroup wg.add(3) leads to Fetch CI status (200 ms), Fetch CD status (300 ms) and Fetch user data (150 ms)
        Fetch CI status (200 ms) leads to wg.wait() (labelled wg.done())
        Fetch CD status (300 ms) leads to wg.wait() (labelled wg.done())
        Fetch user data (150 ms) leads to wg.wait()
        wg.wait() leads to Combine results
        Combine results leads to Response
        Response
        Sequential: 200 + 300 + 150 = 650 ms
        Parallel: max(200, 300, 150) = 300 ms ✓ 2.2 times faster"#]];
    words.assert_eq(&flow.description().unwrap());
}

#[test]
fn a_box_contains_boxes_and_keeps_the_indentation_of_code() {
    let watcher = Block::titled("Goroutine: watch for\nclient disconnect").text(
        "\
select {
  case <-done:
  case <-closed:
    cancel() ← trigger
}",
    );
    let handler = Block::titled("HTTP handler")
        .text("ctx, cancel := context.\n  WithCancel(r.Context())\n\n")
        .holding(watcher)
        .text("")
        .text("service.Process(ctx, data)");
    let service = Block::titled("Service layer").text(
        "\
for _, item := range items {
  select {
    case <-ctx.Done():
      return ← exit early
    default:
      process(item)
  }
}",
    );
    let flow = Flow::new()
        .titled("A request whose client goes away")
        .layer([Node::new("browser", "Browser")])
        .layer([Node::new("handler", handler)])
        .layer([Node::new("service", service)])
        .arrow_labelled("browser", "handler", "HTTP request")
        .arrow("handler", "service")
        .note("User closes the browser → context cancelled → work stops");
    drawn(
        &flow,
        expect![[r#"
        A request whose client goes away

                   ┌─────────┐
                   │ Browser │
                   └────┬────┘
                        │ HTTP request
                        ↓
         ┌─────────────────────────────┐
         │        HTTP handler         │
         │                             │
         │ ctx, cancel := context.     │
         │   WithCancel(r.Context())   │
         │                             │
         │ ┌─────────────────────────┐ │
         │ │  Goroutine: watch for   │ │
         │ │    client disconnect    │ │
         │ │                         │ │
         │ │ select {                │ │
         │ │   case <-done:          │ │
         │ │   case <-closed:        │ │
         │ │     cancel() ← trigger  │ │
         │ │ }                       │ │
         │ └─────────────────────────┘ │
         │                             │
         │ service.Process(ctx, data)  │
         └──────────────┬──────────────┘
                        │
                        ↓
        ┌───────────────────────────────┐
        │         Service layer         │
        │                               │
        │ for _, item := range items {  │
        │   select {                    │
        │     case <-ctx.Done():        │
        │       return ← exit early     │
        │     default:                  │
        │       process(item)           │
        │   }                           │
        │ }                             │
        └───────────────────────────────┘

        User closes the browser → context cancelled → work stops
    "#]],
    );
    let words = expect![[r#"
        Browser leads to HTTP handler (labelled HTTP request)
        HTTP handler leads to Service layer. Inside: ctx, cancel := context. WithCancel(r.Context()); Goroutine: watch for client disconnect (select { case <-done: case <-closed: cancel() ← trigger }); service.Process(ctx, data)
        Service layer. Inside: for _, item := range items { select { case <-ctx.Done(): return ← exit early default: process(item) } }
        User closes the browser → context cancelled → work stops"#]];
    words.assert_eq(&flow.description().unwrap());
}

#[test]
fn arrows_from_a_wide_box_are_straight() {
    let events = Block::titled("Main loop").text(
        "\
for {
  select {
    case <-shutdown:
      // Close all connections
    case msg := <-notifier:
      // Broadcast to all clients
  }
}",
    );
    let broker = Block::titled("SSE broker")
        .text("Channels:\n  • notifier    chan SSEMessage\n  • shutdown    chan bool\n\n")
        .holding(events);
    let flow = Flow::new()
        .layer([Node::new("broker", broker)])
        .layer([1, 2, 3].map(|client| Node::new(client.to_string(), format!("Client {client}"))))
        .fan_out("broker", ["1", "2", "3"]);
    drawn(
        &flow,
        expect![[r#"
            ┌───────────────────────────────────────┐
            │              SSE broker               │
            │                                       │
            │ Channels:                             │
            │   • notifier    chan SSEMessage       │
            │   • shutdown    chan bool             │
            │                                       │
            │ ┌───────────────────────────────────┐ │
            │ │             Main loop             │ │
            │ │                                   │ │
            │ │ for {                             │ │
            │ │   select {                        │ │
            │ │     case <-shutdown:              │ │
            │ │       // Close all connections    │ │
            │ │     case msg := <-notifier:       │ │
            │ │       // Broadcast to all clients │ │
            │ │   }                               │ │
            │ │ }                                 │ │
            │ └───────────────────────────────────┘ │
            └─┬─────────────────┬─────────────────┬─┘
              │                 │                 │
              ↓                 ↓                 ↓
        ┌───────────┐     ┌───────────┐     ┌───────────┐
        │ Client 1  │     │ Client 2  │     │ Client 3  │
        └───────────┘     └───────────┘     └───────────┘
    "#]],
    );
}

#[test]
fn a_list_branches_and_its_line_goes_on() {
    let list = Block::default()
        .text("For each client: try_send")
        .branches([
            "Client 1: there was room      ✓ the event is queued",
            "Client 2: the queue is full   × disconnect the client,\n                                and go on",
            "Client 3: there was room      ✓ the event is queued",
        ]);
    let flow = Flow::new()
        .layer([Node::plain(
            "event",
            Block::from("Broker receives an event").left(),
        )])
        .layer([Node::plain("each", list.clone())])
        .layer([Node::plain(
            "result",
            Block::from("Queued for 2 of 3 clients").left(),
        )])
        .chain(["event", "each", "result"]);
    drawn(
        &flow,
        expect![[r#"
        Broker receives an event
            ╷
            ↓
        For each client: try_send
            ╷
            ├──→ Client 1: there was room      ✓ the event is queued
            ├──→ Client 2: the queue is full   × disconnect the client,
            │                                    and go on
            ├──→ Client 3: there was room      ✓ the event is queued
            │
            ↓
        Queued for 2 of 3 clients
    "#]],
    );
    let words = expect![[r#"
        Broker receives an event leads to For each client: try_send
        For each client: try_send leads to Queued for 2 of 3 clients. Inside: Client 1: there was room ✓ the event is queued; Client 2: the queue is full × disconnect the client, and go on; Client 3: there was room ✓ the event is queued
        Queued for 2 of 3 clients"#]];
    words.assert_eq(&flow.description().unwrap());

    // In a box, the list ends with its last branch.
    let flow = Flow::new()
        .layer([Node::new("event", "Broker receives an event")])
        .layer([Node::new("each", list)])
        .layer([Node::new("result", "Queued for 2 of 3 clients")])
        .chain(["event", "each", "result"]);
    drawn(
        &flow,
        expect![[r#"
                           ┌───────────────────────────┐
                           │ Broker receives an event  │
                           └─────────────┬─────────────┘
                                         │
                                         ↓
        ┌─────────────────────────────────────────────────────────────────┐
        │ For each client: try_send                                       │
        │     ╷                                                           │
        │     ├──→ Client 1: there was room      ✓ the event is queued    │
        │     ├──→ Client 2: the queue is full   × disconnect the client, │
        │     │                                    and go on              │
        │     └──→ Client 3: there was room      ✓ the event is queued    │
        └────────────────────────────────┬────────────────────────────────┘
                                         │
                                         ↓
                           ┌───────────────────────────┐
                           │ Queued for 2 of 3 clients │
                           └───────────────────────────┘
    "#]],
    );
}

#[test]
fn workers_between_two_boxes() {
    let main = Block::titled("Main goroutine").text(
        "\
resultMap := &sync.Map{}
var wg sync.WaitGroup

for _, cluster := range clusters {
  wg.Add(1)
  go worker(cluster, resultMap, &wg)
}

wg.Wait()
// All results in resultMap ✓",
    );
    let map = Block::titled("sync.Map\n(thread-safe)")
        .text("cluster1 → result1\ncluster2 → result2\ncluster3 → result3");
    let flow = Flow::new()
        .layer([Node::new("main", main)])
        .layer(workers(["result\n↓\nStore()"; 3]))
        .layer([Node::new("map", map)])
        .fan_out("main", ["1", "2", "3"])
        .fan_in(["1", "2", "3"], "map");
    drawn(
        &flow,
        expect![[r#"
            ┌───────────────────────────────────────┐
            │            Main goroutine             │
            │                                       │
            │ resultMap := &sync.Map{}              │
            │ var wg sync.WaitGroup                 │
            │                                       │
            │ for _, cluster := range clusters {    │
            │   wg.Add(1)                           │
            │   go worker(cluster, resultMap, &wg)  │
            │ }                                     │
            │                                       │
            │ wg.Wait()                             │
            │ // All results in resultMap ✓         │
            └─┬─────────────────┬─────────────────┬─┘
              │                 │                 │
              ↓                 ↓                 ↓
        ┌───────────┐     ┌───────────┐     ┌───────────┐
        │ Worker 1  │     │ Worker 2  │     │ Worker 3  │
        │           │     │           │     │           │
        │  result   │     │  result   │     │  result   │
        │     ↓     │     │     ↓     │     │     ↓     │
        │  Store()  │     │  Store()  │     │  Store()  │
        └─────┬─────┘     └─────┬─────┘     └─────┬─────┘
              │                 │                 │
              └─────────────────┼─────────────────┘
                                ↓
                     ┌─────────────────────┐
                     │      sync.Map       │
                     │    (thread-safe)    │
                     │                     │
                     │ cluster1 → result1  │
                     │ cluster2 → result2  │
                     │ cluster3 → result3  │
                     └─────────────────────┘
    "#]],
    );
}

#[test]
fn a_box_in_each_of_two_columns() {
    let batch = |number: u32| Node::new(format!("batch {number}"), format!("Batch {number}\n(10)"));
    let pool = |number: u32| {
        let block = Block::titled("Worker\nPool")
            .holding("W1\nW2\n…\nW10")
            .text("↓\natomic.\nAddUint\n64()");
        Node::new(format!("pool {number}"), block)
    };
    let result = Block::titled("Aggregate results")
        .text("canBeHibernated: 85\nhibernated: 42\n\nStatus: Partially\nHibernated")
        .left();
    let flow = Flow::new()
        .layer([Node::new(
            "check",
            "Check if 100 K8s resources can be hibernated",
        )])
        .layer([Node::new(
            "filter",
            "Filter replica nodes\n(Deployments, etc.)",
        )])
        .layer([Node::new("split", "Batch processing\nbatchSize = 10")])
        .layer([1, 2].map(batch))
        .layer([1, 2].map(pool))
        .layer([Node::new("result", result)])
        .chain(["check", "filter", "split"])
        .fan_out("split", ["batch 1", "batch 2"])
        .arrow("batch 1", "pool 1")
        .arrow("batch 2", "pool 2")
        .fan_in(["pool 1", "pool 2"], "result")
        .note("Sequential: 100 × 50 ms = 5000 ms")
        .note("Parallel (batch=10): ~500 ms ✓ 10 times faster");
    drawn(
        &flow,
        expect![[r#"
        ┌───────────────────────────────────────────────┐
        │ Check if 100 K8s resources can be hibernated  │
        └───────────────────────┬───────────────────────┘
                                │
                                ↓
                    ┌───────────────────────┐
                    │ Filter replica nodes  │
                    │  (Deployments, etc.)  │
                    └───────────┬───────────┘
                                │
                                ↓
                      ┌───────────────────┐
                      │ Batch processing  │
                      │  batchSize = 10   │
                      └─┬───────────────┬─┘
                        │               │
                        ↓               ↓
                   ┌─────────┐     ┌─────────┐
                   │ Batch 1 │     │ Batch 2 │
                   │  (10)   │     │  (10)   │
                   └────┬────┘     └────┬────┘
                        │               │
                        ↓               ↓
                   ┌─────────┐     ┌─────────┐
                   │ Worker  │     │ Worker  │
                   │  Pool   │     │  Pool   │
                   │         │     │         │
                   │ ┌─────┐ │     │ ┌─────┐ │
                   │ │ W1  │ │     │ │ W1  │ │
                   │ │ W2  │ │     │ │ W2  │ │
                   │ │  …  │ │     │ │  …  │ │
                   │ │ W10 │ │     │ │ W10 │ │
                   │ └─────┘ │     │ └─────┘ │
                   │    ↓    │     │    ↓    │
                   │ atomic. │     │ atomic. │
                   │ AddUint │     │ AddUint │
                   │  64()   │     │  64()   │
                   └────┬────┘     └────┬────┘
                        │               │
                        ↓               ↓
                     ┌─────────────────────┐
                     │  Aggregate results  │
                     │                     │
                     │ canBeHibernated: 85 │
                     │ hibernated: 42      │
                     │                     │
                     │ Status: Partially   │
                     │ Hibernated          │
                     └─────────────────────┘

        Sequential: 100 × 50 ms = 5000 ms
        Parallel (batch=10): ~500 ms ✓ 10 times faster
    "#]],
    );
}

#[test]
fn arrows_lead_up() {
    let main = Block::titled("Main goroutine").text(
        "\
errChan := make(chan error, 100)

for _, item := range items {
  go worker(item, errChan)
}",
    );
    let flow = Flow::new()
        .layer([Node::new("main", main)])
        .layer(workers(["if err\n↓\nerrChan"; 3]))
        .fan_in(["1", "2", "3"], "main");
    drawn(
        &flow,
        expect![[r#"
              ┌───────────────────────────────────┐
              │          Main goroutine           │
              │                                   │
              │ errChan := make(chan error, 100)  │
              │                                   │
              │ for _, item := range items {      │
              │   go worker(item, errChan)        │
              │ }                                 │
              └───────────────────────────────────┘
                                ↑
              ┌─────────────────┼─────────────────┐
              │                 │                 │
        ┌─────┴─────┐     ┌─────┴─────┐     ┌─────┴─────┐
        │ Worker 1  │     │ Worker 2  │     │ Worker 3  │
        │           │     │           │     │           │
        │  if err   │     │  if err   │     │  if err   │
        │     ↓     │     │     ↓     │     │     ↓     │
        │  errChan  │     │  errChan  │     │  errChan  │
        └───────────┘     └───────────┘     └───────────┘
    "#]],
    );
}

#[test]
fn a_box_leads_up_and_down() {
    let main = Block::titled("Main goroutine").text(
        "\
g, ctx := errgroup.WithContext(ctx)

for _, item := range items {
  g.Go(func() error { return worker(ctx, item) })
}

if err := g.Wait(); err != nil {
  return err ← first error
}",
    );
    let flow = Flow::new()
        .layer([Node::new("main", main)])
        .layer(workers(["✓\nnil", "×\nerror", "✓\nnil"]))
        .layer([Node::plain(
            "stop",
            Block::from("Returned immediately\nOther workers cancelled via ctx").centred(),
        )])
        .fan_in(["1", "2", "3"], "main")
        .arrow("2", "stop");
    drawn(
        &flow,
        expect![[r#"
        ┌───────────────────────────────────────────────────┐
        │                  Main goroutine                   │
        │                                                   │
        │ g, ctx := errgroup.WithContext(ctx)               │
        │                                                   │
        │ for _, item := range items {                      │
        │   g.Go(func() error { return worker(ctx, item) }) │
        │ }                                                 │
        │                                                   │
        │ if err := g.Wait(); err != nil {                  │
        │   return err ← first error                        │
        │ }                                                 │
        └───────────────────────────────────────────────────┘
                ↑                 ↑                 ↑
                │                 │                 │
          ┌─────┴─────┐     ┌─────┴─────┐     ┌─────┴─────┐
          │ Worker 1  │     │ Worker 2  │     │ Worker 3  │
          │           │     │           │     │           │
          │     ✓     │     │     ×     │     │     ✓     │
          │    nil    │     │   error   │     │    nil    │
          └───────────┘     └─────┬─────┘     └───────────┘
                                  │
                                  ↓
                        Returned immediately
                   Other workers cancelled via ctx
    "#]],
    );
    let words = expect![[r#"
        Main goroutine. Inside: g, ctx := errgroup.WithContext(ctx) for _, item := range items { g.Go(func() error { return worker(ctx, item) }) } if err := g.Wait(); err != nil { return err ← first error }
        Worker 1 leads to Main goroutine. Inside: ✓ nil
        Worker 2 leads to Main goroutine and Returned immediately Other workers cancelled via ctx. Inside: × error
        Worker 3 leads to Main goroutine. Inside: ✓ nil
        Returned immediately Other workers cancelled via ctx"#]];
    words.assert_eq(&flow.description().unwrap());
}

#[test]
fn an_arrow_skips_layers_beside_their_boxes() {
    let flow = Flow::new()
        .layer(nodes(["a"]))
        .layer(nodes(["b"]))
        .layer(nodes(["c"]))
        .chain(["a", "b", "c"])
        .arrow_labelled("a", "c", "cached");
    drawn(
        &flow,
        expect![[r#"
        ┌───┐
        │ a │
        └─┬─┘
          │
          ├─────┐
          ↓     │ cached
        ┌───┐   │
        │ b │   │
        └─┬─┘   │
          │     │
          ├─────┘
          ↓
        ┌───┐
        │ c │
        └───┘
    "#]],
    );

    let flow = Flow::new()
        .layer([Node::new("client", "Client")])
        .layer([Node::new("cache", "Cache")])
        .layer([Node::new("server", "Server")])
        .chain(["client", "cache", "server"])
        .arrow_labelled("server", "client", "push");
    drawn(
        &flow,
        expect![[r#"
        ┌─────────┐
        │ Client  │
        └────┬────┘
             │ ↑
             │ └─────┐
             ↓       │
         ┌───────┐   │
         │ Cache │   │
         └─┬─────┘   │
           │         │
           │   ┌─────┘
           ↓   │ push
        ┌──────┴──┐
        │ Server  │
        └─────────┘
    "#]],
    );
}

#[test]
fn labels_tell_two_directions_apart_and_heads_join_them() {
    let flow = Flow::new()
        .layer([Node::new("client", "Client")])
        .layer([Node::new("server", "Server")])
        .layer(nodes(["cache", "store"]))
        .arrow_labelled("client", "server", "GET /events")
        .arrow_labelled("server", "client", "200 OK\ntext/event-stream")
        .fan_out("server", ["cache", "store"])
        .fan_in(["cache", "store"], "server");
    drawn(
        &flow,
        expect![[r#"
         ┌───────────────────┐
         │      Client       │
         └──┬────────────────┘
            │ GET /events  ↑
            │              │ 200 OK
            ↓              │ text/event-stream
         ┌─────────────────┴─┐
         │      Server       │
         └───────────────────┘
            ↑             ↑
            │             │
            ↓             ↓
        ┌───────┐     ┌───────┐
        │ cache │     │ store │
        └───────┘     └───────┘
    "#]],
    );
}

#[test]
fn a_label_stands_where_its_line_is_not_shared() {
    let flow = Flow::new()
        .layer(nodes(["token"]))
        .layer(nodes(["left", "right"]))
        .arrow_labelled("token", "left", "cancelled\nearly")
        .arrow_labelled("token", "right", "late");
    drawn(
        &flow,
        expect![[r#"
               ┌───────┐
               │ token │
               └───┬───┘
                   │
            ┌──────┴──────┐
            │ cancelled   │ late
            │ early       │
            ↓             ↓
        ┌───────┐     ┌───────┐
        │ left  │     │ right │
        └───────┘     └───────┘
    "#]],
    );
}

#[test]
fn several_boxes_lead_to_each_of_several_others() {
    let flow = Flow::new()
        .layer(nodes(["a", "b", "c"]))
        .layer(nodes(["x", "y"]))
        .fan_out("a", ["x", "y"])
        .fan_out("b", ["x", "y"])
        .fan_out("c", ["x", "y"]);
    drawn(
        &flow,
        expect![[r#"
        ┌───┐     ┌───┐     ┌───┐
        │ a │     │ b │     │ c │
        └─┬─┘     └─┬─┘     └─┬─┘
          │         │         │
          └────┬────┴────┬────┘
               ↓         ↓
             ┌───┐     ┌───┐
             │ x │     │ y │
             └───┘     └───┘
    "#]],
    );
    // If not all of them do, each line that isn't shared meets the box in its own place.
    let flow = Flow::new()
        .layer(nodes(["a", "b"]))
        .layer(nodes(["x", "y"]))
        .fan_out("a", ["x", "y"])
        .arrow("b", "y");
    drawn(
        &flow,
        expect![[r#"
           ┌───┐     ┌───┐
           │ a │     │ b │
           └─┬─┘     └──┬┘
             │          │
          ┌──┴──────┐   │
          ↓         ↓   ↓
        ┌───┐     ┌───────┐
        │ x │     │   y   │
        └───┘     └───────┘
    "#]],
    );
}

#[test]
fn boxes_move_closer_together_before_they_do_not_fit() {
    let flow = Flow::new()
        .layer(nodes(["one", "two", "three"]))
        .layer(nodes(["all"]))
        .fan_in(["one", "two", "three"], "all");
    let mut pictures = String::new();
    for width in [37, 33, 29, 28, 25, 24] {
        pictures += &match flow.text(width) {
            Ok(text) => text,
            Err(error) => format!("{error}\n"),
        };
    }
    expect![[r#"
        ┌───────┐     ┌───────┐     ┌───────┐
        │  one  │     │  two  │     │ three │
        └───┬───┘     └───┬───┘     └───┬───┘
            │             │             │
            └─────────────┼─────────────┘
                          ↓
                       ┌─────┐
                       │ all │
                       └─────┘
        ┌───────┐   ┌───────┐   ┌───────┐
        │  one  │   │  two  │   │ three │
        └───┬───┘   └───┬───┘   └───┬───┘
            │           │           │
            └───────────┼───────────┘
                        ↓
                     ┌─────┐
                     │ all │
                     └─────┘
        ┌───────┐ ┌───────┐ ┌───────┐
        │  one  │ │  two  │ │ three │
        └───┬───┘ └───┬───┘ └───┬───┘
            │         │         │
            └─────────┼─────────┘
                      ↓
                   ┌─────┐
                   │ all │
                   └─────┘
        ┌─────┐ ┌─────┐ ┌───────┐
        │ one │ │ two │ │ three │
        └──┬──┘ └──┬──┘ └───┬───┘
           │       │        │
           └───────┼────────┘
                   ↓
                ┌─────┐
                │ all │
                └─────┘
        ┌─────┐ ┌─────┐ ┌───────┐
        │ one │ │ two │ │ three │
        └──┬──┘ └──┬──┘ └───┬───┘
           │       │        │
           └───────┼────────┘
                   ↓
                ┌─────┐
                │ all │
                └─────┘
        layer 1 ("one", "two", "three") is 25 cells wide, 1 more than fit in 24
    "#]]
    .assert_eq(&pictures);
}

#[test]
fn a_box_may_take_the_whole_width() {
    for cells in [75, 76] {
        let flow = Flow::new()
            .layer([Node::new("wide", "x".repeat(cells))])
            .layer(nodes(["narrow"]))
            .arrow("wide", "narrow");
        let text = flow.text(WIDTH).unwrap();
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert_eq!(widest, Some(cells + 4));
    }
}

#[test]
fn title_and_notes_are_broken_into_lines() {
    let flow = Flow::new()
        .titled("Only the title and the notes")
        .layer(nodes(["a box"]))
        .note("are broken into lines");
    expect![[r#"
        Only the
        title and
        the notes

        ┌───────┐
        │ a box │
        └───────┘

        are broken
        into lines
    "#]]
    .assert_eq(&flow.text(12).unwrap());
}

#[test]
fn data_that_cannot_be_drawn() {
    let two = || {
        Flow::new()
            .layer(nodes(["a", "b"]))
            .layer(nodes(["x", "y"]))
    };
    let flows = [
        Flow::new(),
        Flow::new().layer(nodes(["a"])).layer([]),
        Flow::new().layer([Node::new("a", " \n")]),
        Flow::new().layer([Node::new(
            "a",
            Block::from("text").holding(Block::default()),
        )]),
        two().layer(nodes(["a"])),
        two().arrow("a", "z"),
        two().arrow("z", "a"),
        two().arrow("a", "b"),
        two().arrow("a", "a"),
        two().arrow("a", "x").arrow("a", "x"),
        two().arrow("a", "y").arrow("b", "x"),
        // Both arrows have a label, so they can't share a line.
        two()
            .fan_out("a", ["x", "y"])
            .arrow("b", "x")
            .arrow_labelled("b", "y", "label"),
        // There is no way around each other, either.
        two()
            .layer(nodes(["q", "r"]))
            .arrow("a", "r")
            .arrow("b", "q"),
        Flow::new()
            .layer([Node::plain("a", "a")])
            .layer(nodes(["x"]))
            .arrow_labelled("a", "x", "there")
            .arrow_labelled("x", "a", "and back"),
        Flow::new().layer([Node::new("a", "┌ corner")]),
        Flow::new().layer([Node::new("a", Block::from("list").branches(["✅ done"]))]),
        Flow::new().layer([Node::new("a", "tab\tstop")]),
        two().arrow_labelled("a", "x", "e\u{200B}e"),
        two().titled("a │ b"),
        two().note("two\nlines"),
    ];
    let mut messages = String::new();
    for flow in flows {
        let error = flow.check().unwrap_err();
        assert_eq!(flow.text(WIDTH), Err(error.clone()));
        assert_eq!(flow.svg(Theme::Light), Err(error.clone()));
        assert_eq!(flow.description(), Err(error.clone()));
        assert_eq!(flow.to_string(), format!("{error}\n"));
        messages += &format!("{error}\n");
    }
    expect![[r#"
        the picture has no layers; add at least one
        layer 2 has no boxes; add one or remove the layer
        the box "a", or a box inside it, has no text
        the box "a", or a box inside it, has no text
        two boxes are named "a"; give each its own name
        the arrow from "a" to "z" needs a box named "z", which doesn't exist
        the arrow from "z" to "a" needs a box named "z", which doesn't exist
        the arrow from "a" to "b" stays in its layer; put one of the boxes in another
        the arrow from "a" to "a" stays in its layer; put one of the boxes in another
        two arrows lead from "a" to "x"; keep one
        the arrow from "a" to "y" would cross the arrow from "b" to "x"; change the order of the boxes in their layers
        the arrow from "a" to "y" would cross the arrow from "b" to "x"; change the order of the boxes in their layers
        the arrow from "a" to "r" would cross the arrow from "b" to "q"; change the order of the boxes in their layers
        several arrows meet "a", which has no border and is too short for them; give it a border
        the text "┌ corner" contains "┌"; use glyphs that are one cell wide and aren't lines of a box
        the text "✅ done" contains "✅"; use glyphs that are one cell wide and aren't lines of a box
        the label "tab\tstop" contains '\t'; a label must be a single line of plain text
        the text "e\u{200b}e" contains "\u{200b}"; use glyphs that are one cell wide and aren't lines of a box
        the text "a │ b" contains "│"; use glyphs that are one cell wide and aren't lines of a box
        the label "two\nlines" contains '\n'; a label must be a single line of plain text
    "#]].assert_eq(&messages);
}

#[test]
fn data_that_does_not_fit() {
    let long = "x".repeat(90);
    let flows = [
        Flow::new().layer([Node::new("code", long.as_str())]),
        Flow::new().layer([1, 2, 3, 4].map(|name| Node::new(name.to_string(), "x".repeat(20)))),
        Flow::new()
            .layer(nodes(["a"]))
            .layer(nodes(["b"]))
            .arrow_labelled("a", "b", long),
        Flow::new()
            .layer(nodes(["a"]))
            .layer(nodes(["b", "c"]))
            .arrow_labelled("a", "b", "x".repeat(50))
            .arrow_labelled("a", "c", "y".repeat(50)),
    ];
    let mut messages = String::new();
    for flow in flows {
        assert_eq!(flow.check(), Ok(()));
        // Doing what the error says leads to a picture, if not at once.
        let mut room = WIDTH;
        while let Err(error) = flow.text(room) {
            messages += &format!("{error}\n");
            let Error::Wide { cells, width, .. } = error else {
                panic!("{error}");
            };
            assert_eq!(width, room);
            assert!(cells > room);
            room = cells;
        }
    }
    expect![[r#"
        the box "code" is 94 cells wide, 14 more than fit in 80
        layer 1 ("1", "2", "3", "4") is 103 cells wide, 23 more than fit in 80
        the label "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" with its arrow is 93 cells wide, 13 more than fit in 80
        layer 1 ("a"), with the label "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", is 94 cells wide, 1 more than fit in 93
        layer 1 ("a"), with the label "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", is 81 cells wide, 1 more than fit in 80
        layer 2 ("b", "c"), with the label "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", is 107 cells wide, 26 more than fit in 81
    "#]].assert_eq(&messages);
}

#[test]
fn a_small_flow_as_svg() {
    let flow = Flow::new()
        .layer([Node::new("a", "from")])
        .layer([Node::plain("b", "to")])
        .arrow_labelled("a", "b", "label");
    expect![[r##"
        <svg xmlns="http://www.w3.org/2000/svg" width="163" height="164" viewBox="0 0 163 164" role="img" font-family="system-ui, sans-serif">
        <title>Flow</title>
        <desc>from leads to to (labelled label)
        to</desc>
        <rect width="100%" height="100%" fill="#ffffff"/>
        <g><title>from leads to to (labelled label)</title>
        <rect x="36.5" y="32" width="72" height="40" rx="6" fill="#f6f8fa" stroke="#57606a" stroke-width="1.5"/>
        <text x="54.5" y="57" font-size="15" fill="#1f2328" font-family="ui-monospace, monospace" textLength="36" lengthAdjust="spacingAndGlyphs">from</text>
        </g>
        <g><title>to</title>
        <text x="63.5" y="137" font-size="15" fill="#1f2328" font-family="ui-monospace, monospace" textLength="18" lengthAdjust="spacingAndGlyphs">to</text>
        </g>
        <path d="M72.5 72L72.5 112" fill="none" stroke="#0b62c4" stroke-width="1.75"/>
        <path d="M72.5 120L68 111L77 111Z" fill="#0b62c4"/>
        <text x="86" y="97" font-size="15" fill="#57606a" font-family="ui-monospace, monospace" textLength="45" lengthAdjust="spacingAndGlyphs">label</text>
        </svg>
    "##]].assert_eq(&flow.svg(Theme::Light).unwrap());
}
