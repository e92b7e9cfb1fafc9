//! Explained access through the API, both ways for each kind of person; who hears of whom; and what is no question.

use crate::access_scene::{Scene, in_a_scene};
use serde_json::{Value, json};

const EXPLAIN: &str = "/api/v1/access/explain";
const START: &str = "Microsoft.Compute/virtualMachines/start/action";
const GRANT: &str = "Microsoft.Authorization/roleAssignments/write";

fn asked<'a>(principal: &'a str, action: &'a str, scope: &'a str) -> [(&'static str, &'a str); 3] {
    [("principal", principal), ("action", action), ("scope", scope)]
}

fn sentences(answer: &Value, member: &str) -> String {
    let all = answer[member].as_array().unwrap().iter().map(|sentence| sentence.as_str().unwrap());
    all.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_kind_of_person_is_answered_both_ways() {
    in_a_scene(|scene| async move {
        let (one, two) = (scene.machine("one"), scene.machine("two"));
        let Scene { agent, helper, rival, admin, worker, shop, archive, .. } = &scene;
        let (customer, tenant) = ("customer/northwind.example.test", "tenant/northwind.example.test");
        // Who asks, about whom, what and where; the answer, and a part of why, by itself or not.
        for (asks, about, action, scope, allowed, why) in [
            (agent, agent, START, &one, true, "by delegated administration (DAP) of CONTOSO"),
            (agent, agent, "OrderPlace", &customer.to_owned(), true, "holds the role AdminAgents"),
            (agent, helper, "PasswordReset", &tenant.to_owned(), true, "the directory role Helpdesk Administrator"),
            (agent, helper, "OrderPlace", &customer.to_owned(), false, "the user's roles are: HelpdeskAgents"),
            (agent, worker, START, &one, true, "the role Contributor at"),
            (admin, worker, START, &one, true, "the role Contributor at"),
            (admin, worker, GRANT, &one, false, "its notActions have Microsoft.Authorization/*/Write"),
            (admin, worker, START, &two, false, "reaches only what is there and below"),
            (admin, rival, START, shop, false, "holds no role at the scope or above"),
            (admin, rival, START, archive, true, "by delegated administration (DAP) of FABRIKAM"),
            (rival, rival, START, archive, true, "by delegated administration (DAP) of FABRIKAM"),
            (worker, worker, START, &one, true, "the role Contributor at"),
        ] {
            let (asks, about) = (asks, &about.user.name);
            let answer = scene.get(asks, EXPLAIN, &asked(about, action, scope)).await.expect(200).json();
            let what = format!("{} asks: {about} {action} {scope}: {answer:#}", asks.user.name);
            assert_eq!(answer["allowed"], json!(allowed), "{what}");
            let (principal, said) = (&answer["principal"], if allowed { "paths" } else { "reasons" });
            assert!(sentences(&answer, said).contains(why), "{what}");
            assert_eq!(sentences(&answer, "would").is_empty(), allowed, "{what}");
            assert_eq!(
                (principal, &answer["action"], &answer["scope"]),
                (&json!(about), &json!(action), &json!(scope))
            );
        }
    });
}

#[test]
fn of_what_is_none_of_the_askers_business_nothing_is_said() {
    in_a_scene(|scene| async move {
        let one = scene.machine("one");
        let Scene { agent, rival, admin, worker, shop, archive, .. } = &scene;
        for (asks, about, scope, code) in [
            // Two partners of one customer never hear of each other.
            (rival, rival, shop, "subscription_not_found"),
            (agent, agent, archive, "subscription_not_found"),
            (rival, agent, archive, "object_not_found"),
            (agent, rival, shop, "object_not_found"),
            // A person asks about itself, an administrator about its people.
            (worker, admin, &one, "object_not_found"),
            (
                worker,
                worker,
                &scene.machine("two").replace(&shop[15..], "00000000-0000-4000-8000-000000000001"),
                "subscription_not_found",
            ),
            (admin, admin, &"tenant/fabrikam.example.test".to_owned(), "tenant_not_found"),
            (admin, admin, &"partner/nobody.example.test".to_owned(), "tenant_not_found"),
        ] {
            let reply = scene.get(asks, EXPLAIN, &asked(&about.user.name, START, scope)).await;
            let told = format!("{} about {} at {scope}: {reply}", asks.user.name, about.user.name);
            assert!(reply.status == 404 && reply.json()["error"]["code"] == code, "{told}");
        }
    });
}

#[test]
fn what_is_no_question_names_the_field() {
    in_a_scene(|scene| async move {
        let name = scene.agent.user.name.as_str();
        let at = "customer/northwind.example.test";
        for (query, field, seen) in [
            (&[("action", "OrderPlace"), ("scope", at)][..], "principal", "principal is required"),
            (&[("principal", name), ("scope", at)], "action", "action is required"),
            (&[("principal", name), ("action", "OrderPlace")], "scope", "scope is required"),
            (&[("principal", name), ("action", "Fly"), ("scope", at)], "action", "`Fly` is no action"),
            (&[("principal", name), ("action", "OrderPlace"), ("scope", "here")], "scope", "`here` is no scope"),
            (&[("principal", name), ("action", START), ("scope", "/subscriptions/x")], "scope", "not a GUID"),
            (&[("principal", name), ("action", START), ("scope", at), ("at", "x")], "at", "is not known"),
        ] {
            let error = scene.get(&scene.agent, EXPLAIN, query).await.expect(400).json();
            assert_eq!(error["error"]["field"], field, "{error:#}");
            assert!(error["error"]["message"].as_str().unwrap().contains(seen), "{error:#}");
        }
    });
}
