//! One non-blocking write per socket and event, from one loop, and nothing else: the least that a server can do.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::event;

const HEAD: &str = "HTTP/1.1 200 OK\r\n\
    content-type: text/event-stream\r\n\
    cache-control: no-cache\r\n\
    transfer-encoding: chunked\r\n\r\n";

/// The sockets, and the number of events published so far.
#[derive(Default)]
struct Clients {
    sockets: Vec<TcpStream>,
    published: u64,
}

/// Serves until the process ends. It waits for each connection's request before it accepts the next, which is good
/// enough for the load program only.
pub(crate) fn serve(listener: &TcpListener) -> io::Result<()> {
    let clients = Arc::new(Mutex::new(Clients::default()));
    loop {
        let Ok((stream, _)) = listener.accept() else {
            thread::sleep(Duration::from_millis(10));
            continue;
        };
        // An error means that the client has left.
        let _ = begin(stream, &clients);
    }
}

fn begin(mut stream: TcpStream, clients: &Arc<Mutex<Clients>>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut requests = Requests::default();
    let head = requests.head(&mut stream)?;
    if head.starts_with("GET /events ") {
        stream.write_all(HEAD.as_bytes())?;
        stream.set_nonblocking(true)?;
        clients.lock().unwrap().sockets.push(stream);
    } else if head.starts_with("POST /publish ") {
        stream.set_read_timeout(None)?;
        let clients = Arc::clone(clients);
        thread::spawn(move || publisher(stream, requests, head, &clients));
    } else {
        stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")?;
    }
    Ok(())
}

fn publisher(
    mut stream: TcpStream,
    mut requests: Requests,
    mut head: String,
    clients: &Mutex<Clients>,
) -> io::Result<()> {
    loop {
        let body = requests.body(&mut stream, &head)?;
        let (status, text) = match clients.lock().unwrap().publish(&body) {
            Ok(()) => ("200 OK", event::PUBLISHED.to_owned()),
            Err(error) => ("400 Bad Request", error),
        };
        let length = text.len();
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{text}");
        stream.write_all(answer.as_bytes())?;
        head = requests.head(&mut stream)?;
    }
}

impl Clients {
    fn publish(&mut self, body: &[u8]) -> Result<(), String> {
        let event = event::encode(self.published + 1, body)?;
        self.published += 1;
        let mut chunk = format!("{:x}\r\n", event.len()).into_bytes();
        chunk.extend_from_slice(&event);
        chunk.extend_from_slice(b"\r\n");
        // A socket that would block, or accepts only a part, is closed.
        self.sockets
            .retain(|mut socket| matches!(socket.write(&chunk), Ok(count) if count == chunk.len()));
        Ok(())
    }
}

/// Bytes that were read and not yet used; requests may be pipelined.
#[derive(Default)]
struct Requests(Vec<u8>);

impl Requests {
    fn head(&mut self, stream: &mut TcpStream) -> io::Result<String> {
        loop {
            if let Some(at) = self.0.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let rest = self.0.split_off(at + 4);
                let head = std::mem::replace(&mut self.0, rest);
                return Ok(lower(&String::from_utf8_lossy(&head)));
            }
            self.more(stream)?;
        }
    }

    fn body(&mut self, stream: &mut TcpStream, head: &str) -> io::Result<Vec<u8>> {
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .and_then(|length| length.trim().parse().ok())
            .ok_or(io::ErrorKind::InvalidData)?;
        while self.0.len() < length {
            self.more(stream)?;
        }
        let rest = self.0.split_off(length);
        Ok(std::mem::replace(&mut self.0, rest))
    }

    fn more(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        let mut buffer = [0; 16 * 1024];
        match stream.read(&mut buffer)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                self.0.extend_from_slice(&buffer[..count]);
                Ok(())
            }
        }
    }
}

/// Returns a head with its headers in lower case. The request line stays as it is.
fn lower(head: &str) -> String {
    match head.split_once("\r\n") {
        Some((line, headers)) => format!("{line}\r\n{}", headers.to_ascii_lowercase()),
        None => head.to_owned(),
    }
}
