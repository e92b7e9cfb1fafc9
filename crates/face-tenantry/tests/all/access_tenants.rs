//! What is seen in a tenant, how partners come into it and leave it, and the provider's part.

use crate::access_scene::{Person, Scene, in_a_scene};
use serde_json::{Value, json};
use tenantry_core::DirectoryRole;
use tenantry_directory::{NewRelationship, RelationshipAction, relationship_create, relationship_request};

const SEEN: &str = "/api/v1/access/subscriptions";
const TENANT: (&str, &str) = ("tenant", "northwind.example.test");

fn items(answer: &Value) -> &[Value] {
    answer["items"].as_array().unwrap()
}

#[test]
fn each_sees_its_own_and_what_wfor_buyer_elsewhere_is_not_managed() {
    in_a_scene(|scene| async move {
        let Scene { house, agent, helper, rival, admin, worker, .. } = &scene;
        let external = json!({
            "tenant": "northwind.example.test", "friendlyName": "Laboratory", "boughtBy": "Enterprise Agreement",
        });
        let path = "/api/v1/external-subscriptions";
        let register = async |token: &str, body: &Value| house.client.post(path).token(token).json(body).send().await;
        let made = register(&house.provider, &external).await.expect(201).json();
        assert_eq!(made["tenant"], json!(house.customer.id.to_string()));
        let _ = register(&agent.token, &external).await.expect(403);
        for (member, value, status, seen) in [
            ("tenant", Value::Null, 400, "tenant is required"),
            ("tenant", json!("nobody.example.test"), 404, "tenant_not_found"),
            ("friendlyName", json!(""), 400, "friendlyName is required"),
            ("boughtBy", Value::Null, 400, "boughtBy is required"),
            ("id", json!("x"), 400, "id: "),
            ("id", json!(house.subscription.id.to_string()), 409, "already_exists"),
            ("name", json!("x"), 400, "name: is not known here"),
        ] {
            let mut body = external.clone();
            body[member] = value;
            let reply = register(&house.provider, &body).await;
            assert!(reply.status == status && reply.text().contains(seen), "{member}: {reply}");
        }

        let (shop, archive) = (&scene.shop[15..], &scene.archive[15..]);
        let elsewhere = made["id"].as_str().unwrap();
        for (who, expected) in [
            // What each sees, and whether it may do more than look.
            (agent, vec![(shop, true), (elsewhere, false)]),
            (helper, vec![(shop, false)]),
            (rival, vec![(archive, true), (elsewhere, false)]),
            (admin, vec![(shop, false), (archive, false), (elsewhere, false)]),
            (worker, vec![(shop, false)]),
        ] {
            let query: &[_] = if who.user.name.contains("northwind") { &[] } else { &[TENANT] };
            let answer = scene.get(who, SEEN, query).await.expect(200).json();
            let mut seen: Vec<_> = items(&answer)
                .iter()
                .map(|item| (item["id"].as_str().unwrap(), item["manageable"].as_bool().unwrap()))
                .collect();
            let mut expected = expected;
            seen.sort_unstable();
            expected.sort_unstable();
            assert_eq!(seen, expected, "{}: {answer:#}", who.user.name);
            assert!(items(&answer).iter().all(|item| !item["why"].as_array().unwrap().is_empty()), "{answer:#}");
            let there = items(&answer).iter().find(|item| item["id"] == elsewhere);
            assert!(there.is_none_or(|it| it["elsewhere"] == true && it["boughtBy"] == "Enterprise Agreement"));
        }
        for (who, query, status) in [
            (agent, vec![], 400),
            (agent, vec![("tenant", "fabrikam.example.test")], 404),
            (admin, vec![("tenant", "contoso.example.test")], 404),
            (admin, vec![("tenant", "nobody.example.test")], 404),
        ] {
            let reply = scene.get(who, SEEN, &query).await;
            assert!(reply.status == status && reply.json()["error"]["field"] == "tenant", "{query:?}: {reply}");
        }
    });
}

#[test]
fn a_partner_invites_and_the_customers_administrator_accepts() {
    in_a_scene(|scene| async move {
        let Scene { house, agent, rival, helper, admin, worker, .. } = &scene;
        let requests = "/api/v1/relationship-requests";
        let made = scene.post(rival, requests, &json!({})).await.expect(201).json();
        assert_eq!(
            scene.post(rival, requests, &json!({})).await.expect(201).json(),
            made,
            "there is one, and it stays"
        );
        let _ = scene.post(helper, requests, &json!({})).await.expect(403);
        let own = format!("{requests}/{}", made["id"].as_str().unwrap());
        let asked = scene.get(admin, &own, &[]).await.expect(200).json();
        assert_eq!(asked["partnerName"], "FABRIKAM");
        let _ = scene.get(worker, &own, &[]).await.expect(403);
        let _ = scene.get(admin, &format!("{requests}/x"), &[]).await.expect(404);
        let accept = format!("{own}/accept");
        let taken = scene.post(admin, &accept, &json!({"delegatedAdmin": true})).await.expect(409).json();
        assert_eq!(taken["error"]["code"], "already_exists");
        let _ = scene.post(admin, &accept, &json!({"delegateAdmin": true})).await.expect(400);

        // Another customer, of nobody yet but the first partner: its administrator says yes.
        let second = house.channel.customer("Southwind").await;
        let admin = crate::access_scene::global_admin(house, second.id, "admin@southwind.example.test").await;
        let empty = house.client.post(&accept).token(&admin.token).send().await.expect(201).json();
        assert_eq!((&empty["customer"], &empty["delegatedAdmin"]), (&json!(second.id.to_string()), &json!(false)));
        assert_eq!(empty["partner"], made["partner"]);

        let partners = "/api/v1/partner-relationships";
        let delegated = async |who: &Person| -> Vec<(String, bool)> {
            let answer = scene.get(who, partners, &[]).await.expect(200).json();
            let name = |item: &Value| item["partnerName"].as_str().unwrap().to_owned();
            let mut all: Vec<_> =
                items(&answer).iter().map(|item| (name(item), item["delegatedAdmin"] == true)).collect();
            all.sort();
            all
        };
        assert_eq!(delegated(&admin).await, [("CONTOSO".to_owned(), true), ("FABRIKAM".to_owned(), false)]);
        // Either side ends delegated administration: the customer by the partner's id, the partner itself as `me`.
        let contoso = format!("{partners}/{}/delegated-admin", house.channel.partner.tenant);
        let _ = scene.delete(worker, &contoso, &[]).await.expect(403);
        let _ = scene.delete(&admin, &contoso, &[]).await.expect(204);
        // The application this administrator used was let into the tenant by that very delegation.
        let out = scene.get(&admin, partners, &[]).await.expect(401).json();
        assert_eq!(out["error"]["code"], "token_invalid");
        let me = format!("{partners}/me/delegated-admin");
        let _ = scene.delete(agent, &me, &[TENANT]).await.expect(204);
        let _ = scene.delete(agent, &me, &[("tenant", "fabrikam.example.test")]).await.expect(404);
        let _ = scene.delete(agent, &format!("{partners}/x/delegated-admin"), &[TENANT]).await.expect(404);
        let _ = scene.get(agent, SEEN, &[TENANT]).await.expect(200);
    });
}

#[test]
fn a_granular_relationship_waits_for_the_customer() {
    in_a_scene(|scene| async move {
        let Scene { house, agent, rival, admin, worker, .. } = &scene;
        let (world, partner) = (house.channel.world(), house.channel.partner.tenant);
        let (ctx, db) = (world.system("test"), world.db());
        let relationships = "/api/v1/granular-relationships";
        let mut ids = Vec::new();
        for name in ["Help with users", "Help with everything"] {
            let new = NewRelationship {
                display_name: name.to_owned(),
                customer: Some(house.customer.id),
                duration: "P30D".to_owned(),
                auto_extend: None,
                roles: vec![DirectoryRole::UserAdmin.template()],
            };
            let made = relationship_create(&ctx, db, partner, new).await.unwrap();
            relationship_request(&ctx, db, partner, &made.id, RelationshipAction::LockForApproval).await.unwrap();
            ids.push(made.id);
        }
        let waiting = [("status", "approvalPending")];
        let listed = scene.get(admin, relationships, &waiting).await.expect(200).json();
        assert_eq!(items(&listed).len(), 2);
        let first = items(&listed).iter().find(|item| item["id"] == ids[0].as_str()).unwrap();
        assert_eq!((&first["partnerName"], &first["duration"]), (&json!("CONTOSO"), &json!("P30D")));
        assert_eq!(first["unifiedRoles"][0]["displayName"], "User Administrator");

        let act = |index: usize, act: &str| format!("{relationships}/{}/{act}", ids[index]);
        // Not the customer's worker, nor the partner itself, nor another partner.
        for (who, status) in [(worker, 403), (agent, 403), (rival, 404)] {
            let _ = scene.post(who, &act(0, "approve"), &json!({})).await.expect(status);
        }
        let approved = scene.post(admin, &act(0, "approve"), &json!({})).await.expect(200).json();
        assert_eq!((&approved["status"], &approved["endsAt"]), (&json!("active"), &json!("2026-02-09T16:00:00Z")));
        let _ = scene.post(admin, &act(0, "approve"), &json!({})).await.expect(409);
        let rejected = scene.post(admin, &act(1, "reject"), &json!({})).await.expect(200).json();
        assert_eq!(rejected["status"], "terminated");
        assert_eq!(items(&scene.get(admin, relationships, &waiting).await.expect(200).json()).len(), 0);
        let ended = scene.post(agent, &act(0, "terminate"), &json!({})).await.expect(200).json();
        assert_eq!(ended["status"], "terminated", "a partner ends its own without naming the tenant");
        assert_eq!(items(&scene.get(admin, relationships, &[]).await.expect(200).json()).len(), 2);
        let _ = scene.get(admin, relationships, &[("status", "waiting")]).await.expect(400);
        let _ = scene.post(admin, &format!("{relationships}/x/approve"), &json!({})).await.expect(404);
    });
}

#[test]
fn a_new_signing_key_signs_and_the_old_one_still_counts() {
    in_a_scene(|scene| async move {
        let (house, rotate) = (&scene.house, "/api/v1/signing-keys/rotate");
        let _ = scene.post(&scene.agent, rotate, &json!({})).await.expect(403);
        let rotated = house.client.post(rotate).token(&house.provider).send().await.expect(200).json();
        let keys = rotated["keys"].as_array().unwrap();
        assert_eq!((keys.len(), &keys[0]), (2, &rotated["signingKey"]));
        let _ = house.get(&scene.agent.token, "/api/v1/clock").await.expect(200);
        let again = house.client.post(rotate).token(&house.provider).send().await.expect(200).json();
        assert_ne!(again["signingKey"], rotated["signingKey"]);
    });
}
