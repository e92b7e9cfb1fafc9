//! A receiver on this machine: takes HTTP requests on a port of its own, answers what it was told to, and remembers all.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What was received: the head, and the body as bytes.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Heard {
    /// A header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut pairs = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        pairs.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

pub(crate) struct Receiver {
    pub(crate) url: String,
    heard: Arc<Mutex<Vec<Heard>>>,
    answer: Arc<Mutex<String>>,
    task: JoinHandle<()>,
}

impl Receiver {
    /// Listens on a free port and answers 200.
    pub(crate) async fn new() -> Self {
        Self::at(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    fn at(listener: TcpListener) -> Self {
        let url = format!("http://127.0.0.1:{}/in?key=1", listener.local_addr().unwrap().port());
        let (heard, answer) = (Arc::default(), Arc::new(Mutex::new("200 OK".to_owned())));
        let task = tokio::spawn(serve(listener, Arc::clone(&heard), Arc::clone(&answer)));
        Self { url, heard, answer, task }
    }

    /// Answers this from now on: a status line, and headers if there are any.
    pub(crate) fn answers(&self, answer: &str) {
        answer.clone_into(&mut self.answer.lock().unwrap());
    }

    /// What was heard since the last look.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }

    /// What was heard since the last look, as texts.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.heard().iter().map(Heard::text).collect()
    }

    /// Goes away; its port answers nobody.
    pub(crate) async fn stop(self) -> String {
        self.task.abort();
        let _ = self.task.await;
        self.url
    }

    /// Comes back where it was.
    pub(crate) async fn again(url: &str) -> Self {
        let port = url.trim_start_matches("http://127.0.0.1:").split('/').next().unwrap();
        Self::at(TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap())
    }
}

async fn serve(listener: TcpListener, heard: Arc<Mutex<Vec<Heard>>>, answer: Arc<Mutex<String>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let said = answer.lock().unwrap().clone();
        if let Some(one) = take(stream, &said).await {
            heard.lock().unwrap().push(one);
        }
    }
}

async fn take(mut stream: TcpStream, answer: &str) -> Option<Heard> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let mut heard = Heard { head, body: bytes[head_end + 4..].to_vec() };
    let length: usize = heard.header("content-length").unwrap().parse().unwrap();
    while heard.body.len() < length {
        stream.read_buf(&mut heard.body).await.ok()?;
    }
    stream.write_all(format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n").as_bytes()).await.ok()?;
    Some(heard)
}
