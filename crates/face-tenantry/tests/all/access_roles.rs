//! Azure roles, their assignments and locks through the API: who may write them, what they say, what is refused.

use crate::access_scene::{Person, Scene, in_a_scene};
use serde_json::{Value, json};

const ROLES: &str = "/api/v1/access/role-definitions";
const ASSIGNMENTS: &str = "/api/v1/access/role-assignments";
const LOCKS: &str = "/api/v1/access/locks";
const OWNER: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const ID: &str = "11111111-1111-4111-8111-111111111111";
const OTHER: &str = "22222222-2222-4222-8222-222222222222";
/// How partners name the customer.
const TENANT: (&str, &str) = ("tenant", "northwind.example.test");

fn items(answer: &Value) -> &[Value] {
    answer["items"].as_array().unwrap()
}

fn given(scope: &str, role: &str, to: &Person) -> Value {
    json!({"scope": scope, "roleDefinitionId": role, "principalId": to.user.id.to_string()})
}

#[test]
fn roles_are_listed_with_their_ids_and_custom_ones_come_and_go() {
    in_a_scene(|scene| async move {
        let Scene { agent, worker, shop, archive, .. } = &scene;
        let here = [TENANT, ("scope", shop.as_str())];
        let built_in = scene.get(agent, ROLES, &here).await.expect(200).json();
        let owner = items(&built_in).iter().find(|role| role["roleName"] == "Owner").unwrap();
        assert_eq!((&owner["id"], &owner["type"]), (&json!(OWNER), &json!("BuiltInRole")));
        assert_eq!(owner["permissions"][0]["actions"], json!(["*"]));

        let starter = json!({
            "roleName": "Machine starter",
            "permissions": [{"actions": ["Microsoft.Compute/virtualMachines/start/action"]}],
            "assignableScopes": [shop],
        });
        let path = format!("{ROLES}/{ID}");
        let made = scene.put(agent, &path, &[TENANT], &starter).await.expect(200).json();
        assert_eq!((&made["type"], &made["createdAt"]), (&json!("CustomRole"), &json!("2026-01-10T16:00:00Z")));
        let listed = scene.get(agent, ROLES, &here).await.expect(200).json();
        assert_eq!(items(&listed).len(), items(&built_in).len() + 1);
        assert_eq!(items(&listed).iter().find(|role| role["id"] == ID).unwrap(), &made);

        let assigned = format!("{ASSIGNMENTS}/{OTHER}");
        let _ = scene.put(agent, &assigned, &[TENANT], &given(shop, ID, worker)).await.expect(201);
        let in_use = scene.delete(agent, &path, &here).await.expect(409).json();
        assert_eq!(in_use["error"]["code"], "role_definition_in_use");
        let _ = scene.delete(agent, &assigned, &here).await.expect(200);
        assert_eq!(scene.delete(agent, &path, &here).await.expect(200).json()["id"], ID);
        let _ = scene.delete(agent, &path, &here).await.expect(204);

        for (changed, query, status, seen) in [
            (json!({"roleName": " "}), TENANT, 400, "roleName is required"),
            (json!({"permissions": null}), TENANT, 400, "permissions is required"),
            (json!({"permissions": [{"actions": ["do it"]}]}), TENANT, 400, "permissions.actions: `do it`"),
            (
                json!({"permissions": [{"action": []}]}),
                TENANT,
                400,
                "permissions[0].action: is not known here; did you mean actions?",
            ),
            (json!({"assignableScopes": ["shop"]}), TENANT, 400, "assignableScopes: `shop` does not begin"),
            (json!({"assignableScopes": ["/"]}), TENANT, 400, "assignableScopes: `/` is for built-in roles"),
            (json!({"assignableScopes": [archive]}), TENANT, 404, "subscription_not_found"),
            (json!({"roleName": "OWNER"}), TENANT, 409, "role_name_taken"),
            (json!({}), ("tenant", "nobody.example.test"), 404, "tenant_not_found"),
        ] {
            let mut body = starter.clone();
            changed.as_object().unwrap().iter().for_each(|(name, value)| body[name] = value.clone());
            let reply = scene.put(agent, &path, &[query], &body).await;
            assert!(reply.status == status && reply.text().contains(seen), "{changed}: {reply}");
        }
        let _ = scene.put(agent, &format!("{ROLES}/starter"), &[TENANT], &starter).await.expect(400);
        let nameless = scene.put(agent, &path, &[], &starter).await.expect(400).json();
        assert_eq!(nameless["error"]["field"], "tenant", "a partner says whose directory");
        let built_in = scene.put(agent, &format!("{ROLES}/{OWNER}"), &[TENANT], &starter).await.expect(403).json();
        assert!(built_in["error"]["message"].as_str().unwrap().contains("`Owner` is a built-in role"));
    });
}

#[test]
fn a_role_is_given_with_its_warning_and_taken_away() {
    in_a_scene(|scene| async move {
        let Scene { agent, admin, worker, shop, .. } = &scene;
        let (path, here) = (format!("{ASSIGNMENTS}/{ID}"), [TENANT, ("scope", shop.as_str())]);
        let owner = given(shop, &format!("/providers/Microsoft.Authorization/roleDefinitions/{OWNER}"), worker);
        let made = scene.put(agent, &path, &[TENANT], &owner).await.expect(201).json();
        assert_eq!((&made["roleName"], &made["principalType"]), (&json!("Owner"), &json!("User")));
        assert!(made["warnings"][0].as_str().unwrap().contains("Owner lets the customer remove the partner's access"));
        let again = scene.put(agent, &path, &[TENANT], &owner).await.expect(200).json();
        assert_eq!(again, made, "the very same again is the same");

        let all = scene.get(agent, ASSIGNMENTS, &here).await.expect(200).json();
        assert_eq!(items(&all).len(), 3, "the partner's own, the worker's two: {all:#}");
        let partners = items(&all).iter().find(|item| item["principalType"] == "ForeignGroup").unwrap();
        assert_eq!(partners["principalTenant"], json!(scene.house.channel.partner.tenant.to_string()));
        let id = worker.user.id.to_string();
        for (filter, count) in [
            (("atScope", "true"), 2),
            (("principalId", id.as_str()), 2),
            (("assignedTo", id.as_str()), 2),
            (("assignedTo", "me"), 1),
        ] {
            let found = scene.get(agent, ASSIGNMENTS, &[here[0], here[1], filter]).await.expect(200).json();
            assert_eq!(items(&found).len(), count, "{filter:?}: {found:#}");
        }
        // The customer's own need not say in which tenant.
        let own = scene.get(worker, ASSIGNMENTS, &[("assignedTo", "me")]).await.expect(200).json();
        assert_eq!(items(&own).len(), 2, "{own:#}");
        // An Owner can take the partner's access away, as the warning said; a Global Administrator alone cannot.
        let theirs = format!("{ASSIGNMENTS}/{}", partners["id"].as_str().unwrap());
        let _ = scene.delete(admin, &theirs, &here[1..]).await.expect(403);
        let _ = scene.delete(worker, &theirs, &here[1..]).await.expect(200);
        let _ = scene.get(agent, ASSIGNMENTS, &here).await.expect(404);
        assert_eq!(scene.delete(worker, &path, &here[1..]).await.expect(200).json()["id"], ID);
    });
}

#[test]
fn assignments_are_refused_by_field_by_place_and_by_role_in_this_order() {
    in_a_scene(|scene| async move {
        let Scene { agent, rival, helper, worker, shop, .. } = &scene;
        let one = scene.machine("one");
        let nobody = "00000000-0000-4000-8000-000000000001";
        let with = |member: &str, value: Value| {
            let mut body = given(&one, READER, worker);
            body[member] = value;
            body
        };
        for (who, body, status, seen) in [
            (agent, with("scope", Value::Null), 400, "scope is required"),
            (agent, with("scope", json!("web")), 400, "scope: `web` does not begin with a slash"),
            (agent, with("roleDefinitionId", Value::Null), 400, "roleDefinitionId is required"),
            (agent, with("roleDefinitionId", json!("Reader")), 400, "roleDefinitionId: `Reader` is not a GUID"),
            (agent, with("roleDefinitionId", json!(nobody)), 404, "role_definition_not_found"),
            (agent, with("principalId", Value::Null), 400, "principalId is required"),
            (agent, with("principalId", json!("me")), 400, "principalId: `me` is not a GUID"),
            (agent, with("principalId", json!(nobody)), 404, "object_not_found"),
            (agent, with("principalType", json!("Person")), 400, "principalType: `Person` is none of User, Group"),
            (agent, with("principalType", json!("Group")), 400, "principalType: "),
            (agent, with("principal", json!(nobody)), 400, "principal: is not known here; did you mean principalId?"),
            (rival, with("scope", json!(shop)), 404, "subscription_not_found"),
            (helper, with("scope", json!(shop)), 404, "subscription_not_found"),
            (worker, with("scope", json!(one)), 403, "its notActions have Microsoft.Authorization/*/Write"),
        ] {
            let query: &[_] = if std::ptr::eq(who, worker) { &[] } else { &[TENANT] };
            let reply = scene.put(who, &format!("{ASSIGNMENTS}/{ID}"), query, &body).await;
            assert!(reply.status == status && reply.text().contains(seen), "{}: {body}: {reply}", who.user.name);
        }
        let both = [TENANT, ("scope", shop.as_str()), ("principalId", nobody), ("assignedTo", "me")];
        for (path, query, field) in [
            (ASSIGNMENTS, &both[..], "assignedTo"),
            (ASSIGNMENTS, &[TENANT, ("atScope", "yes")], "atScope"),
            (ASSIGNMENTS, &[TENANT, ("principalId", "x")], "principalId"),
            (ASSIGNMENTS, &[TENANT, ("filter", "x")], "filter"),
            (ROLES, &[TENANT, ("below", "2")], "below"),
            (LOCKS, &[TENANT, ("scope", "x")], "scope"),
        ] {
            let reply = scene.get(agent, path, query).await.expect(400);
            assert_eq!(reply.json()["error"]["field"], field, "{query:?}: {reply}");
        }
    });
}

#[test]
fn a_lock_keeps_and_only_who_may_takes_it_off() {
    in_a_scene(|scene| async move {
        let Scene { agent, rival, worker, .. } = &scene;
        let one = scene.machine("one");
        let (path, here) = (format!("{LOCKS}/keep"), [TENANT, ("scope", one.as_str())]);
        let lock = json!({"scope": one, "level": "CanNotDelete", "notes": "the shop runs on it"});
        let made = scene.put(agent, &path, &[TENANT], &lock).await.expect(201).json();
        assert_eq!((&made["name"], &made["level"]), (&json!("keep"), &json!("CanNotDelete")));
        let stricter = json!({"scope": one, "level": "readonly"});
        assert_eq!(scene.put(agent, &path, &[TENANT], &stricter).await.expect(200).json()["level"], "ReadOnly");
        assert_eq!(items(&scene.get(worker, LOCKS, &here[1..]).await.expect(200).json()).len(), 1);

        let explain = |who: &Person| {
            let action = "Microsoft.Compute/virtualMachines/start/action";
            [("principal", who.user.name.clone()), ("action", action.to_owned()), ("scope", one.clone())]
        };
        let query = explain(worker);
        let query: Vec<_> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused = scene.get(worker, "/api/v1/access/explain", &query).await.expect(200).json();
        assert_eq!((&refused["allowed"], &refused["would"]), (&json!(false), &json!(["the lock keep removed"])));
        assert_eq!(refused["paths"].as_array().unwrap().len(), 1, "what the role allows is said all the same");

        for (body, seen) in [
            (json!({"level": "ReadOnly"}), "scope is required"),
            (json!({"scope": one}), "level is required"),
            (json!({"scope": one, "level": "Never"}), "level: `Never` is none of CanNotDelete, ReadOnly"),
            (json!({"scope": one, "level": "ReadOnly", "notes": "x".repeat(513)}), "at most 512"),
        ] {
            let reply = scene.put(agent, &path, &[TENANT], &body).await.expect(400);
            assert!(reply.text().contains(seen), "{body}: {reply}");
        }
        let _ = scene.delete(rival, &path, &here).await.expect(404);
        let _ = scene.delete(worker, &path, &here[1..]).await.expect(403);
        assert_eq!(scene.delete(agent, &path, &here).await.expect(200).json()["level"], "ReadOnly");
        let _ = scene.delete(agent, &path, &here).await.expect(204);
    });
}
