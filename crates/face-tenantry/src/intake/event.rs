//! The wire form of a usage event: eleven members, the same in every envelope.
//!
//! Texts are borrowed from the body as long as nothing is escaped in them. A quantity is read from the text it
//! was written in, be it a JSON string or a number literal: `0.1` is one tenth and never passes through a float.

use super::fault::Fault;
use super::members::{Members, Shape};
use std::borrow::Cow;
use std::fmt;
use tenantry_core::{MeterId, Quantity, ResourceUri, SubscriptionId, Timestamp};
use tenantry_usage::Event;

/// Bytes of `source`, `id` and `corrects`.
const NAME_MAX: usize = 256;
/// Bytes of `resource`.
const RESOURCE_MAX: usize = 2_048;
/// Bytes of `region`.
const REGION_MAX: usize = 128;
/// Bytes of `tags` and of `additionalInfo`, as written.
const DETAILS_MAX: usize = 8 << 10;

/// How events are wrapped; decides what their members are called in refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// All members side by side.
    Plain,
    /// A CloudEvent: `source`, `id` and `time` outside, the rest in `data`.
    Cloud,
}

impl Form {
    /// The path of a member.
    pub(super) fn path(self, field: &'static str) -> Cow<'static, str> {
        match (self, field) {
            (Self::Plain, _) | (Self::Cloud, "source" | "id" | "time") => Cow::Borrowed(field),
            (Self::Cloud, _) => Cow::Owned(format!("data.{field}")),
        }
    }
}

/// What was read of one event: its name as far as it could be read, and the event or what is wrong with it.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) source: Option<Cow<'a, str>>,
    pub(super) id: Option<Cow<'a, str>>,
    pub(super) event: Result<Event, Fault>,
}

impl Reading<'_> {
    /// Nothing of the event could be read.
    pub(super) const fn nothing(fault: Fault) -> Self {
        Self { source: None, id: None, event: Err(fault) }
    }
}

/// An object that is an event.
pub(super) trait Envelope: Shape + Sized {
    /// How it wraps events.
    const FORM: Form;

    /// Reads the event out of it.
    fn open<'a>(members: &Members<'a, Self>) -> Reading<'a>;
}

/// An event with all members side by side.
pub(super) struct Plain;

impl Shape for Plain {
    const NAMES: &'static [&'static str] = &[
        "source",
        "id",
        "time",
        "subscription",
        "meter",
        "resource",
        "region",
        "quantity",
        "corrects",
        "tags",
        "additionalInfo",
    ];
}

impl Envelope for Plain {
    const FORM: Form = Form::Plain;

    fn open<'a>(members: &Members<'a, Self>) -> Reading<'a> {
        let texts = Texts {
            form: Form::Plain,
            source: members.get("source"),
            id: members.get("id"),
            time: members.get("time"),
            subscription: members.get("subscription"),
            meter: members.get("meter"),
            resource: members.get("resource"),
            region: members.get("region"),
            quantity: members.get("quantity"),
            corrects: members.get("corrects"),
            tags: members.get("tags"),
            additional_info: members.get("additionalInfo"),
        };
        texts.read(shape_fault(members, Form::Plain))
    }
}

/// What is wrong with the members as such.
pub(super) fn shape_fault<S: Shape>(members: &Members<'_, S>, form: Form) -> Option<Fault> {
    let unknown = members.unknown.clone().map(|name| Fault::unknown(name, S::NAMES));
    unknown.or_else(|| members.repeated.map(|name| Fault::repeated(form.path(name))))
}

/// The members of an event, each as it was written.
pub(super) struct Texts<'a> {
    pub(super) form: Form,
    pub(super) source: Option<&'a str>,
    pub(super) id: Option<&'a str>,
    pub(super) time: Option<&'a str>,
    pub(super) subscription: Option<&'a str>,
    pub(super) meter: Option<&'a str>,
    pub(super) resource: Option<&'a str>,
    pub(super) region: Option<&'a str>,
    pub(super) quantity: Option<&'a str>,
    pub(super) corrects: Option<&'a str>,
    pub(super) tags: Option<&'a str>,
    pub(super) additional_info: Option<&'a str>,
}

impl<'a> Texts<'a> {
    /// Reads them. `known` is a fault found before; the name is read all the same, for the verdict.
    pub(super) fn read(&self, known: Option<Fault>) -> Reading<'a> {
        let source = self.name("source", self.source);
        let id = self.name("id", self.id);
        let event = match (&known, &source, &id) {
            (Some(fault), _, _) | (None, Err(fault), _) | (None, _, Err(fault)) => Err(fault.clone()),
            (None, Ok(source), Ok(id)) => self.event(source, id),
        };
        Reading { source: source.ok(), id: id.ok(), event }
    }

    fn event(&self, source: &str, id: &str) -> Result<Event, Fault> {
        let region = self.region.map(|raw| self.text("region", raw, REGION_MAX)).transpose()?;
        let corrects = self.corrects.map(|raw| self.name("corrects", Some(raw))).transpose()?;
        Ok(Event {
            // Intake knows the caller and fills it in.
            reporter: None,
            source: source.to_owned(),
            id: id.to_owned(),
            at: self.parsed("time", self.time, Timestamp::parse)?,
            subscription: self.parsed("subscription", self.subscription, SubscriptionId::parse)?,
            meter: self.parsed("meter", self.meter, MeterId::parse)?,
            resource: ResourceUri::new(self.required("resource", self.resource, RESOURCE_MAX)?),
            region: region.map(Cow::into_owned).unwrap_or_default(),
            quantity: self.quantity()?,
            corrects: corrects.map(Cow::into_owned),
            tags: self.details("tags", self.tags)?,
            additional_info: self.details("additionalInfo", self.additional_info)?,
        })
    }

    fn name(&self, field: &'static str, raw: Option<&'a str>) -> Result<Cow<'a, str>, Fault> {
        self.required(field, raw, NAME_MAX)
    }

    /// A text that has to be there and not empty.
    fn required(&self, field: &'static str, raw: Option<&'a str>, bytes_max: usize) -> Result<Cow<'a, str>, Fault> {
        let raw = raw.ok_or_else(|| Fault::missing(self.form.path(field)))?;
        let text = self.text(field, raw, bytes_max)?;
        if text.is_empty() { Err(self.invalid(field, "is empty")) } else { Ok(text) }
    }

    fn parsed<T, E: fmt::Display>(
        &self,
        field: &'static str,
        raw: Option<&'a str>,
        parse: fn(&str) -> Result<T, E>,
    ) -> Result<T, Fault> {
        let text = self.required(field, raw, NAME_MAX)?;
        parse(&text).map_err(|error| self.invalid(field, error))
    }

    fn text(&self, field: &'static str, raw: &'a str, bytes_max: usize) -> Result<Cow<'a, str>, Fault> {
        let text =
            unquoted(raw).ok_or_else(|| self.invalid(field, format_args!("`{}` is no JSON string", clip(raw))))?;
        if text.len() > bytes_max {
            let seen = text.len();
            return Err(self.invalid(field, format_args!("has {seen} bytes; {bytes_max} are the most")));
        }
        Ok(text)
    }

    /// A decimal, exactly as written: in quotes or as a number literal.
    fn quantity(&self) -> Result<Quantity, Fault> {
        let raw = self.quantity.ok_or_else(|| Fault::missing(self.form.path("quantity")))?;
        let text = match raw.as_bytes().first() {
            Some(b'-' | b'0'..=b'9') => Cow::Borrowed(raw),
            Some(b'"') => self.text("quantity", raw, NAME_MAX)?,
            _ => {
                let seen = clip(raw);
                return Err(self.invalid("quantity", format_args!("`{seen}` is no decimal; send \"1.5\" or 1.5")));
            }
        };
        Quantity::parse(&text).map_err(|error| self.invalid("quantity", error))
    }

    /// A JSON object, kept as it was written; nothing if it is absent.
    fn details(&self, field: &'static str, raw: Option<&str>) -> Result<String, Fault> {
        let Some(raw) = raw else { return Ok(String::new()) };
        if !raw.starts_with('{') {
            return Err(self.invalid(field, format_args!("`{}` is no JSON object", clip(raw))));
        }
        let seen = raw.len();
        if seen > DETAILS_MAX {
            return Err(self.invalid(field, format_args!("has {seen} bytes; {DETAILS_MAX} are the most")));
        }
        Ok(raw.to_owned())
    }

    fn invalid(&self, field: &'static str, message: impl fmt::Display) -> Fault {
        Fault::invalid(self.form.path(field), message)
    }
}

/// The text of a JSON string; a slice of the body unless something in it is escaped.
pub(super) fn unquoted(raw: &str) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        return serde_json::from_str::<String>(raw).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(inner))
}

/// As much of a value as a message can show.
pub(super) fn clip(text: &str) -> Cow<'_, str> {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}
