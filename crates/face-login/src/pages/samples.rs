//! One of each page, with the longest and the oddest of data: rendered, compared with committed files.
//!
//! The style sheet is left out of the files: it is a file itself, and would make every change of it a change of all.

use super::layout::Journey;
use super::*;
use tenantry_core::Timestamp;
use tenantry_http::header::CONTENT_SECURITY_POLICY;
use tenantry_http::{Answer, StatusCode};
use tenantry_testkit::golden;
use uuid::Uuid;

fn journey() -> Journey {
    let hidden =
        [("form", "Zm9ybS10b2tlbg"), ("client_id", "aaaaaaaa-0000-4000-8000-000000000001"), ("state", "1&2\"<3>")];
    Journey {
        action: "/contoso.example.test/oauth2/v2.0/authorize".to_owned(),
        hidden: hidden.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        tenant: Some("Contoso".to_owned()),
        app: Some("Control panel".to_owned()),
        leads_to: Some("https://panel.example.test/signed-in".to_owned()),
    }
}

fn device() -> Journey {
    Journey {
        action: "/common/oauth2/deviceauth".to_owned(),
        hidden: vec![("form".to_owned(), "Zm9ybS10b2tlbg".to_owned())],
        ..Journey::default()
    }
}

fn asked(decides: Decides) -> Consent {
    let wish = |says: &str, name: &str| Wish { says: says.to_owned(), name: name.to_owned() };
    Consent {
        app: "Control panel".to_owned(),
        publisher: "Fabrikam Managed Services (fabrikam.example.test)".to_owned(),
        user: "clerk@contoso.example.test".to_owned(),
        tenant: "Contoso".to_owned(),
        wishes: vec![
            wish("Sign you in and read your profile", "Microsoft Graph: User.Read"),
            wish("Read all users' full profiles", "Microsoft Graph: User.Read.All"),
            wish("Act as you in Partner Center", "Partner Center: user_impersonation"),
        ],
        digest: "5f0c1a".to_owned(),
        decides,
    }
}

fn refused(status: u16, code: u32, message: &str) -> Answer {
    refusal(&Refusal {
        status: StatusCode::from_u16(status).unwrap(),
        code,
        message,
        correlation: Uuid::from_u128(1),
        trace: Uuid::from_u128(2),
        at: Timestamp::parse("2026-01-10T16:00:00Z").unwrap(),
    })
}

fn samples() -> Vec<(&'static str, Answer)> {
    let (way, device) = (journey(), device());
    let clerk = "clerk@contoso.example.test";
    let hostile =
        Journey { app: Some("<script>alert('1')</script>".repeat(3)), tenant: Some("A&B \"Ltd\"".into()), ..journey() };
    let until = Timestamp::parse("2026-01-10T16:05:00Z").unwrap();
    let on_device = DeviceAsked {
        app: "Command line".to_owned(),
        publisher: "Fabrikam Managed Services (fabrikam.example.test)".to_owned(),
        code: "FJQTKMPB".to_owned(),
        user: clerk.to_owned(),
    };
    let short = [
        Mistake::new("new-password", "The new password is too short: it needs at least 8 characters."),
        Mistake::new("new-password-again", "The two new passwords are not the same. Type the new one twice."),
    ];
    let posted = [("code", "0.AXkA<&>\""), ("state", "1")].map(|(name, value)| (name, value.to_owned()));
    vec![
        ("sign-in", sign_in(&way, "", None)),
        ("sign-in-name-known", sign_in(&way, clerk, None)),
        ("sign-in-on-a-device", sign_in(&Journey { app: Some("Command line".into()), ..device.clone() }, "", None)),
        ("sign-in-wrong", sign_in(&way, clerk, Some(&SignInMistake::Wrong))),
        ("sign-in-no-name", sign_in(&way, "", Some(&SignInMistake::NameMissing))),
        ("sign-in-no-password", sign_in(&way, clerk, Some(&SignInMistake::PasswordMissing))),
        ("sign-in-locked", sign_in(&way, clerk, Some(&SignInMistake::Locked { until }))),
        ("sign-in-disabled", sign_in(&way, clerk, Some(&SignInMistake::Disabled))),
        ("sign-in-over", sign_in(&way, clerk, Some(&SignInMistake::Over))),
        ("sign-in-not-here", sign_in(&way, clerk, Some(&SignInMistake::NotHere))),
        ("sign-in-hostile-names", sign_in(&hostile, "\"><img src=x>", None)),
        ("choose-account", choose_account(&way, clerk)),
        ("new-password", new_password(&way, clerk, &[])),
        ("new-password-refused", new_password(&way, clerk, &short)),
        ("second-factor", second_factor(&way, clerk, None)),
        (
            "second-factor-wrong",
            second_factor(&way, clerk, Some("This code is not right. Wait for the next one and type it.")),
        ),
        ("consent", consent(&way, &asked(Decides::Themselves))),
        ("consent-by-an-administrator", consent(&way, &asked(Decides::EitherWay))),
        ("consent-for-everybody", consent(&way, &asked(Decides::Everybody))),
        ("consent-needs-an-administrator", consent(&way, &asked(Decides::Nothing))),
        ("device-enter", device_enter(&device, "", None)),
        (
            "device-enter-wrong",
            device_enter(
                &device,
                "ABCD-1234",
                Some("This code is not known, or is too old. Check it, or start again on the device."),
            ),
        ),
        ("device-confirm", device_confirm(&device, &on_device)),
        ("device-done", device_done("Command line", Some("Contoso"))),
        ("device-declined", device_declined("Command line", Some("Contoso"))),
        ("signed-out", signed_out()),
        ("form-post", form_post("https://panel.example.test/signed-in", &posted, Some("Control panel"))),
        (
            "refusal",
            refused(
                400,
                50_011,
                "The redirect URI 'https://other.example.test/' does not match the redirect URIs configured for the application.",
            ),
        ),
        ("refusal-our-fault", refused(503, 90_033, "A transient error has occurred. Please try again.")),
    ]
}

#[test]
fn generated_pages() {
    for (name, page) in samples() {
        let html = String::from_utf8(page.body.to_vec()).unwrap();
        let (before, rest) = html.split_once("<style>").unwrap();
        let (_, after) = rest.split_once("</style>").unwrap();
        let policy = page.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        let policy = policy.split("; ").filter(|part| !part.starts_with("style-src")).collect::<Vec<_>>().join("; ");
        // A tag a line: a diff is then something to read.
        let lines = format!("{before}<style></style>{after}").replace("><", ">\n<");
        let text = format!("<!-- {} {policy} -->\n{lines}\n", page.status.as_u16());
        golden(env!("CARGO_MANIFEST_DIR"), &format!("tests/golden/pages/{name}.html"), text);
    }
}

/// What no page may hold, whatever its data.
#[test]
fn no_page_runs_what_it_was_given() {
    for (name, page) in samples() {
        let html = String::from_utf8(page.body.to_vec()).unwrap();
        for bad in ["<script>alert", "<img", " style=", " onclick=", "javascript:"] {
            assert!(!html.contains(bad), "{name} has {bad}");
        }
        assert_eq!(html.matches("<h1>").count(), 1, "{name}");
        for id in html.split(" for=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{name}: label of {id}");
        }
        for id in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{name}: link to {id}");
        }
    }
}
