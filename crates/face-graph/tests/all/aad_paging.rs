//! Lists by pages, as the clients go through them.

use crate::desk::{Desk, code, ids};
use std::collections::BTreeSet;
use tenantry_testkit::on_every_engine;

/// The path of the next page as azure-graphrbac makes it: tenant in front, version behind.
fn next(page: &serde_json::Value) -> Option<String> {
    let link = page.get("odata.nextLink")?.as_str().unwrap();
    assert!(!link.contains("api-version") && !link.starts_with('/') && !link.contains("://"), "{link}");
    Some(format!("/{link}"))
}

#[test]
fn pages_over_many_users_stand_still() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        let mut all = BTreeSet::new();
        for number in 0..253 {
            all.insert(desk.user(&format!("user{number}")).await.id.to_string());
        }
        let mut page = desk.get("/users").await;
        assert_eq!(ids(&page).len(), 100, "100 are a page when nobody says");
        let mut seen = ids(&page);
        while let Some(path) = next(&page) {
            assert!(path.starts_with("/directoryObjects/$/Microsoft.DirectoryServices.User?$skiptoken=X'"), "{path}");
            // Somebody who was shown goes, which moves nobody else.
            let gone = seen[seen.len() - 2].clone();
            desk.gives(204, &format!("DELETE /users/{gone}"), "").await;
            page = desk.get(&path).await;
            seen.extend(ids(&page));
        }
        assert_eq!(seen.len(), 253, "nobody is shown twice");
        assert_eq!(seen.iter().cloned().collect::<BTreeSet<_>>(), all, "nobody is passed over");
        let one = desk.get("/users?$top=999").await;
        assert_eq!((ids(&one).len(), next(&one)), (251, None));
    });
}

#[test]
fn a_next_link_keeps_the_question() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        for name in ["anchor", "operator", "ANTIQUARY", "driver", "analyst", "announcer", "animator"] {
            desk.user(name).await;
        }
        let names = async |first: &str| {
            let (mut names, mut path) = (Vec::new(), Some(first.to_owned()));
            while let Some(current) = path {
                let page = desk.get(&current).await;
                let items = page["value"].as_array().unwrap();
                assert!(items.len() <= 2);
                for item in items {
                    assert_eq!(item.as_object().unwrap().len(), 2, "only what was selected: {item}");
                    names.push(item["displayName"].as_str().unwrap().to_owned());
                }
                path = next(&page);
            }
            names
        };
        let query = "$filter=startswith(displayName,'an')&$select=displayName&$top=2";
        let sorted = ["analyst", "anchor", "animator", "announcer", "ANTIQUARY"];
        assert_eq!(names(&format!("/users?{query}&$orderby=displayName")).await, sorted);
        let mut unsorted = names(&format!("/users?{query}")).await;
        unsorted.sort_by_key(|name| name.to_lowercase());
        assert_eq!(unsorted, sorted);
    });
}

#[test]
fn questions_that_are_no_questions_are_refused() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        for (query, wanted) in [
            ("$top=0", "Request_BadRequest"),
            ("$top=1000", "Request_BadRequest"),
            ("$filter=displayName", "Request_BadRequest"),
            ("$filter=displayName%20eq%20'open", "Request_BadRequest"),
            ("$filter=shoeSize%20eq%2044", "Request_UnsupportedQuery"),
            ("$filter=substringof('a',displayName)", "Request_UnsupportedQuery"),
            ("$orderby=mail", "Request_UnsupportedQuery"),
            ("$skip=5", "Request_UnsupportedQuery"),
            ("$inlinecount=allpages", "Request_UnsupportedQuery"),
            ("$expand=manager", "Request_UnsupportedQuery"),
            ("$skiptoken=X'4142'", "Directory_ExpiredPageToken"),
        ] {
            let reply = desk.send(&format!("GET /users?{query}"), "").await.expect(400);
            assert_eq!(code(&reply), wanted, "{query}: {reply}");
        }
    });
}
