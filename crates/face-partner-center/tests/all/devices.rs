//! Device deployment as clients of the field do it: policies, batches, devices, and what became of them.

use crate::desk::{Desk, customer_of_stranger, fault};
use serde_json::{Value, json};
use tenantry_core::Role;
use tenantry_directory::{NewDevice, NewPolicy, UploadDevices, configuration_policy_create, devices_upload};
use tenantry_testkit::{Channel, on_every_engine};

/// A policy, a batch, a device of it and an upload: what paths name. For other tests too.
pub(crate) async fn brought_in(channel: &Channel, customer: tenantry_core::TenantId) -> [String; 4] {
    let (ctx, db) = (channel.partner_ctx(), channel.world().db());
    let policy = NewPolicy { customer, name: "Front desk".to_owned(), description: None, settings: Vec::new() };
    let policy = configuration_policy_create(&ctx, db, policy).await.unwrap();
    let device = NewDevice { product_key: Some("AAAAA-BBBBB".to_owned()), ..NewDevice::default() };
    let upload = UploadDevices { customer, batch: "Spring order".to_owned(), new_batch: true, devices: vec![device] };
    let upload = devices_upload(&ctx, db, upload).await.unwrap();
    let device = upload.outcomes[0].device.unwrap().to_string();
    [policy.id.to_string(), "Spring%20order".to_owned(), device, upload.id.to_string()]
}

/// A policy as one client family writes it.
fn policy(name: &str) -> String {
    json!({
        "Id": null, "Name": name, "Category": "OOBE", "Description": null, "DevicesAssignedCount": 0,
        "PolicySettings": ["RemoveOemPreinstalls", "skip_eula", "None"], "CreatedDate": "0001-01-01T00:00:00",
        "LastModifiedDate": "0001-01-01T00:00:00", "Attributes": {"ObjectType": "ConfigurationPolicy"},
    })
    .to_string()
}

/// Where the answer of an upload is found: the last segment of `Location`, which has five.
fn tracked(location: &str) -> String {
    assert_eq!(location.split('/').count(), 5, "{location}");
    format!("/v1{location}")
}

/// A sandbox is cleaned up and used again: the machines of a customer that is gone are nobody's.
#[test]
fn devices_go_with_their_customer() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let (first, second) = (desk.channel.customer("Northwind").await, desk.channel.customer("Tailspin").await);
        brought_in(&desk.channel, first.id).await;
        let deleted = desk.send(&format!("DELETE /v1/customers/{}", first.id), &[], "").await;
        assert_eq!(deleted.status, 204, "{}", deleted.text());
        // Panics if the machine is still somebody's.
        brought_in(&desk.channel, second.id).await;
    });
}

#[test]
fn devices_from_the_policy_to_the_last_of_them() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await.with_person("agent", &[Role::AdminAgent]).await;
        let customer = desk.channel.customer("Northwind").await;
        let at = format!("/v1/customers/{}", customer.id);
        let made = desk.say(&format!("POST {at}/policies"), &[], &policy("Front desk")).await.expect(201).json();
        let id = made["id"].as_str().unwrap().to_owned();
        let change = r#"{"description":"At the door","policySettings":["SkipExpressSettings"]}"#;
        let changed = desk.say(&format!("PUT {at}/policies/{id}"), &[], change).await.expect(200).json();
        assert_eq!(
            (&changed["name"], &changed["policySettings"]),
            (&json!("Front desk"), &json!(["skip_express_settings"]))
        );

        let devices = json!([
            {"Id": null, "SerialNumber": "1R9-ZNP67", "ProductKey": "00329-00000", "HardwareHash": null,
             "Policies": [{"Key": "OOBE", "Value": id}], "UploadedDate": "0001-01-01T00:00:00", "AllowedOperations": null},
            {"serialNumber": "1R9-ZNP68"},
            {"productKey": "00329-00000"},
        ]);
        let batch = json!({"BatchId": "Spring order", "Devices": devices}).to_string();
        let reply = desk.say(&format!("POST {at}/devicebatches"), &[], &batch).await.expect(202);
        assert_eq!(reply.text(), "", "one client reads a body as something else");
        let path = tracked(reply.header("location"));
        let details = desk.say(&format!("GET {path}"), &[], "").await.expect(200).json();
        assert_eq!(details["status"], "finished_with_errors");
        let codes: Vec<_> = details["devicesStatus"].as_array().unwrap().iter().map(|of| &of["errorCode"]).collect();
        assert_eq!(codes, [&Value::Null, &json!("3000"), &json!("806")]);

        let batches = desk.say(&format!("GET {at}/deviceBatches"), &[], "").await.expect(200).json();
        let link = batches["items"][0]["devicesLink"]["uri"].as_str().unwrap();
        assert!(link.ends_with("/deviceBatches/Spring%20order/devices"), "{link}");
        let listed = desk.say(&format!("GET /v1{link}"), &[], "").await.expect(200).json();
        let device = listed["items"][0].clone();
        assert_eq!(device["policies"], json!([{"key": "o_o_b_e", "value": id}]));

        // The whole device comes back, without its policy.
        let one = format!("/v1{link}/{}", device["id"].as_str().unwrap());
        let mut back = device.clone();
        back["policies"] = json!([{"key": "o_o_b_e", "value": null}]);
        let without = desk.say(&format!("PATCH {one}"), &[], &back.to_string()).await.expect(200).json();
        assert_eq!(without["policies"], json!([{"key": "o_o_b_e", "value": null}]));
        assert_eq!(desk.send(&format!("PUT {one}"), &[], &device.to_string()).await.expect(200).json(), device);
        let updates =
            json!({"Devices": [{"Id": device["id"], "Policies": [{"Key": "OOBE", "Value": ""}]}]}).to_string();
        let reply = desk.say(&format!("PATCH {at}/devicepolicyupdates"), &[], &updates).await.expect(202);
        let details =
            desk.send(&format!("GET {}", tracked(reply.header("location"))), &[], "").await.expect(200).json();
        assert_eq!(details["status"], "finished");

        let deleted = desk.say(&format!("DELETE {at}/policies/{id}"), &[], "").await;
        assert_eq!(deleted.status, 204);
        let deleted = desk.say(&format!("DELETE {one}"), &[], "").await;
        assert_eq!(deleted.status, 204);
        desk.compare("devices");
        let gone = desk.send(&format!("DELETE {one}"), &[], "").await;
        assert_eq!(format!("{} {}", gone.status, fault(&gone)), "404 1000");
    });
}

#[test]
fn more_devices_come_into_a_batch_and_are_read_by_pages() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let at = format!("/v1/customers/{}/deviceBatches", customer.id);
        let [_, batch, ..] = brought_in(&desk.channel, customer.id).await;
        let more: Vec<_> = (0..100).map(|number| json!({"productKey": format!("key {number}")})).collect();
        let list = format!("{at}/{}/devices", batch.to_uppercase());
        let reply = desk.send(&format!("POST {list}"), &[], &json!(more).to_string()).await.expect(202);
        let details =
            desk.send(&format!("GET {}", tracked(reply.header("location"))), &[], "").await.expect(200).json();
        assert_eq!(details["status"], "finished", "{details}");
        let first = desk.send(&format!("GET {list}"), &[], "").await.expect(200).json();
        let token = first["continuationToken"].as_str().unwrap();
        let header = format!("MS-ContinuationToken: {token}");
        let second = desk.send(&format!("GET {list}?seekOperation=Next"), &[&header], "").await.expect(200).json();
        assert_eq!((&first["totalCount"], &second["totalCount"]), (&json!(100), &json!(1)));
        assert!(second.get("continuationToken").is_none() && second["links"].get("next").is_none(), "{second}");
    });
}

#[test]
fn what_cannot_be_is_refused_with_its_code() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let foreign = customer_of_stranger(&desk.channel).await;
        let at = format!("/v1/customers/{}", customer.id);
        let [id, batch, device, _] = brought_in(&desk.channel, customer.id).await;
        let devices = format!("{at}/deviceBatches/{batch}/devices");
        let nobody = "00000000-0000-4000-8000-000000000000";
        let used = json!({"devices": [{"id": device, "policies": [{"key": "OOBE", "value": id}]}]}).to_string();
        let given = desk.send(&format!("PATCH {at}/DevicePolicyUpdates"), &[], &used).await;
        assert_eq!(given.status, 202);
        for (what, body, expected) in [
            (format!("POST {at}/policies"), policy("FRONT DESK"), "409 3000 name"),
            (format!("POST {at}/policies"), policy(""), "400 3000 name"),
            (format!("POST {at}/policies"), policy("x").replace("OOBE", "none"), "400 3000 category"),
            (format!("POST {at}/policies"), r#"{"name":"x"}"#.into(), "400 3000 category"),
            (format!("POST {at}/policies"), policy("x").replace("skip_eula", "skip_all"), "400 3000 policySettings[1]"),
            (format!("POST {at}/policies"), "{".into(), "400 800002 body"),
            (format!("GET {at}/policies/{nobody}"), String::new(), "404 1000"),
            (format!("GET {at}/policies/front"), String::new(), "404 1000"),
            (format!("PUT {at}/policies/{id}"), r#"{"category":0}"#.into(), "400 3000 category"),
            (format!("DELETE {at}/policies/{id}"), String::new(), "400 3000"),
            (format!("POST {at}/deviceBatches"), r#"{"devices":[{}]}"#.into(), "400 3000 batchId"),
            (format!("POST {at}/deviceBatches"), r#"{"batchId":"New"}"#.into(), "400 3000 devices"),
            (format!("POST {at}/deviceBatches"), r#"{"batchId":"New","devices":{}}"#.into(), "400 3000 devices"),
            (
                format!("POST {at}/deviceBatches"),
                r#"{"batchId":"spring ORDER","devices":[{}]}"#.into(),
                "409 3000 batchId",
            ),
            (format!("GET {at}/deviceBatches/Autumn/devices"), String::new(), "404 1000"),
            (format!("POST {at}/deviceBatches/Autumn/devices"), "[{}]".into(), "404 1000"),
            (format!("POST {devices}"), r#"{"devices":[]}"#.into(), "400 3000 body"),
            (format!("POST {devices}"), "[7]".into(), "400 3000 devices[0]"),
            (format!("POST {devices}"), "[]".into(), "400 3000 devices"),
            (format!("PATCH {devices}/{nobody}"), "{}".into(), "404 1000"),
            (format!("PATCH {devices}/{{2}}"), "{}".into(), "404 1000"),
            (format!("PUT {devices}/{device}"), r#"{"productKey":"another"}"#.into(), "400 3000 productKey"),
            (
                format!("PUT {devices}/{device}"),
                json!({"policies": [{"key": "OOBE", "value": nobody}]}).to_string(),
                "400 3000 policies",
            ),
            (format!("PUT {devices}/{device}"), r#"{"policies":[{"key":"all"}]}"#.into(), "400 3000 policies[0].key"),
            (format!("PATCH {at}/DevicePolicyUpdates"), "{}".into(), "400 3000 devices"),
            (format!("PATCH {at}/DevicePolicyUpdates"), r#"{"devices":[{}]}"#.into(), "400 3000 devices[0].id"),
            (format!("GET {at}/batchJobStatus/{nobody}"), String::new(), "404 1000"),
            (format!("GET /v1/customers/{}/deviceBatches", foreign.id), String::new(), "404 60003"),
        ] {
            let what = what.replace("{2}", "%7B2%7D");
            let reply = desk.send(&what, &[], &body).await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{what} {body}");
        }
        let desk = desk.with_roles(&[Role::HelpdeskAgent]).await;
        let reply = desk.send(&format!("GET {at}/policies"), &[], "").await;
        assert_eq!(format!("{} {}", reply.status, fault(&reply)), "403 900150");
    });
}
