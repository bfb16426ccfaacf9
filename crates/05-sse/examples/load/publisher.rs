//! Publishes over one connection, which is kept alive.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

use crate::clock::Clock;
use crate::parse::{STAMP, stamp};

/// The time that a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection for requests.
pub(crate) struct Publisher {
    connection: Connection,
    clock: Clock,
    /// A request to publish, and the position of the stamp in it.
    request: Vec<u8>,
    stamp_at: usize,
    published: u64,
}

impl Publisher {
    /// Connects a publisher of events with this many bytes of data.
    pub(crate) fn connect(address: SocketAddr, clock: Clock, bytes: usize) -> io::Result<Self> {
        let data = format!("{}{}", stamp(0, 0), "x".repeat(bytes - STAMP));
        let body = format!("{{\"data\": \"{data}\"}}");
        let request = format!(
            "POST /publish HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        Ok(Publisher {
            connection: Connection::open(address)?,
            clock,
            stamp_at: request.len() - body.len() + "{\"data\": \"".len(),
            request: request.into_bytes(),
            published: 0,
        })
    }

    pub(crate) fn published(&self) -> u64 {
        self.published
    }

    /// Publishes this many events in one write, waits for the answers, and returns the time before the write.
    pub(crate) fn publish(&mut self, count: u64) -> Result<u64, String> {
        let time = self.clock.now();
        let mut requests = Vec::with_capacity(self.request.len() * count as usize);
        for number in self.published..self.published + count {
            let stamp = stamp(time, number);
            self.request[self.stamp_at..self.stamp_at + STAMP].copy_from_slice(stamp.as_bytes());
            requests.extend_from_slice(&self.request);
        }
        self.published += count;
        self.send(&requests, count)
            .map(|_| time)
            .map_err(|error| format!("POST /publish: {error}"))
    }

    /// Returns the answer to GET /stats, if the server has one.
    pub(crate) fn stats(&mut self) -> Option<Value> {
        let body = self.send(b"GET /stats HTTP/1.1\r\nhost: sse\r\n\r\n", 1);
        serde_json::from_slice(&body.ok()?).ok()
    }

    fn send(&mut self, requests: &[u8], count: u64) -> io::Result<Vec<u8>> {
        self.connection.stream.write_all(requests)?;
        let mut last = Vec::new();
        for _ in 0..count {
            last = self.connection.answer()?;
        }
        Ok(last)
    }
}

struct Connection {
    stream: TcpStream,
    /// Bytes that were read and not yet used.
    rest: Vec<u8>,
}

impl Connection {
    fn open(address: SocketAddr) -> io::Result<Connection> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Connection {
            stream,
            rest: Vec::new(),
        })
    }

    /// Returns the body of the next answer, which must have the status 200 and a length.
    fn answer(&mut self) -> io::Result<Vec<u8>> {
        let head = loop {
            match self.rest.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                Some(at) => break self.take(at + 4),
                None => self.more()?,
            }
        };
        let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
        let line = head.lines().next().unwrap_or_default();
        if !line.starts_with("http/1.1 200 ") {
            return Err(io::Error::other(format!("the server answered {line}")));
        }
        let length: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())
            .ok_or_else(|| io::Error::other("the server's answer has no length"))?;
        while self.rest.len() < length {
            self.more()?;
        }
        Ok(self.take(length))
    }

    fn take(&mut self, count: usize) -> Vec<u8> {
        self.rest.drain(..count).collect()
    }

    fn more(&mut self) -> io::Result<()> {
        let mut buffer = [0; 16 * 1024];
        match self.stream.read(&mut buffer)? {
            0 => Err(io::Error::other("the server has closed the connection")),
            count => {
                self.rest.extend_from_slice(&buffer[..count]);
                Ok(())
            }
        }
    }
}
