//! A person with a browser: keeps cookies, reads forms, presses buttons.

use tenantry_testkit::{Client, Reply};

/// A browser.
#[derive(Clone)]
pub(crate) struct Person {
    client: Client,
    cookies: Vec<(String, String)>,
}

/// What the browser shows.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) reply: Reply,
    pub(crate) html: String,
}

impl Person {
    pub(crate) fn of(client: &Client) -> Self {
        Self { client: client.clone(), cookies: Vec::new() }
    }

    /// Follows a link; redirects to ourselves too.
    pub(crate) async fn open(&mut self, path: &str) -> Shown {
        let sending = self.client.get(path).header("cookie", &self.cookie_line());
        let shown = self.keep(sending.send().await);
        match shown.reply.header("location") {
            next if next.starts_with('/') => Box::pin(self.open(next)).await,
            _ => shown,
        }
    }

    /// Presses a button of the page, with what was typed.
    pub(crate) async fn press(&mut self, page: &Shown, step: &str, typed: &[(&str, &str)]) -> Shown {
        assert!(page.html.contains(&format!("value=\"{step}\"")), "no button {step}: {}", page.html);
        let mut fields = page.hidden();
        fields.retain(|(name, _)| !typed.iter().any(|(typed, _)| typed == name));
        fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        fields.push(("step".to_owned(), step.to_owned()));
        self.send(&page.action(), &fields).await
    }

    /// Sends any form.
    pub(crate) async fn send(&mut self, path: &str, fields: &[(String, String)]) -> Shown {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let sending = self.client.post(path).header("cookie", &self.cookie_line()).form(&body.join("&"));
        self.keep(sending.send().await)
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn cookie_line(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep(&mut self, reply: Reply) -> Shown {
        for line in reply.headers.get_all("set-cookie") {
            let line = line.to_str().unwrap();
            assert!(line.ends_with("Path=/; Secure; HttpOnly; SameSite=Lax") && line.starts_with("__Host-"), "{line}");
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let html = String::from_utf8(reply.body.to_vec()).unwrap();
        Shown { reply, html }
    }
}

impl Shown {
    pub(crate) fn heading(&self) -> String {
        between(&self.html, "<h1>", "</h1>").map(unescape).unwrap_or_default()
    }

    /// Asserts which page it is.
    #[track_caller]
    pub(crate) fn is(self, status: u16, heading: &str) -> Self {
        assert_eq!((self.reply.status, self.heading().as_str()), (status, heading), "{} {}", self.reply, self.html);
        self
    }

    /// Asserts that the page says something.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(unescape(&self.html).contains(text), "no `{text}` in {}", self.html);
        self
    }

    /// The address a redirect leads to, and its parameters, from query or fragment.
    #[track_caller]
    pub(crate) fn leads_to(&self) -> (String, Vec<(String, String)>) {
        assert!([302, 303].contains(&self.reply.status), "{} {}", self.reply, self.html);
        let location = self.reply.header("location");
        let (address, rest) = location.split_once(['?', '#']).unwrap_or((location, ""));
        let query = tenantry_http::Query::parse(rest).unwrap();
        (address.to_owned(), query.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// One parameter of a redirect.
    #[track_caller]
    pub(crate) fn told(&self, name: &str) -> String {
        let (_, fields) = self.leads_to();
        fields.into_iter().find(|(known, _)| known == name).map(|(_, value)| value).unwrap_or_default()
    }

    pub(crate) fn action(&self) -> String {
        unescape(between(&self.html, "<form method=\"post\" action=\"", "\"").unwrap())
    }

    /// The hidden fields of the form, and the name a password belongs to.
    pub(crate) fn hidden(&self) -> Vec<(String, String)> {
        let inputs = self.html.split("<input ").skip(1).map(|rest| rest.split('>').next().unwrap());
        inputs
            .filter(|input| input.contains("type=\"hidden\"") || input.ends_with(" hidden"))
            .map(|input| {
                let part = |name: &str| unescape(between(input, &format!("{name}=\""), "\"").unwrap_or_default());
                (part("name"), part("value"))
            })
            .collect()
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(inside, _)| inside)
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

pub(crate) fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}
