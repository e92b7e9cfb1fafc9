//! Devices before their first start: brought in, set up, changed and deleted; and whose they are.

use crate::house::{House, in_a_house};
use crate::relationships_desk::outcome;
use tenantry_core::{Caller, OpContext, Role, TenantId};
use tenantry_directory::{
    ChangePolicy, DEVICE_PAGE_MAX, DeviceChange, DevicePolicyUpdate, DeviceRefusal, DeviceUpload, NewDevice, NewPolicy,
    PolicySetting, Tenant, UploadDevices, UploadStatus, configuration_policy_change, configuration_policy_create,
    configuration_policy_delete, configuration_policy_get, configuration_policy_list, device_batch_list, device_change,
    device_delete, device_page, device_upload_get, devices_update, devices_upload,
};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// A partner with a customer, and somebody of the partner who deals with devices.
struct Desk {
    house: House,
    customer: Tenant,
    seller: OpContext,
}

impl Desk {
    async fn new(house: House) -> Self {
        let (partner, customer) = (house.partner("contoso").await, house.customer("northwind").await);
        house.contract(&partner, &customer).await;
        let seller = house.at_home(&house.agent(&partner, &[Role::SalesAgent]).await);
        Self { house, customer, seller }
    }

    /// Another partner of the same customer, and a customer of its own.
    async fn rival(&self) -> (OpContext, Tenant) {
        let (rival, own) = (self.house.partner("fabrikam").await, self.house.customer("tailspin").await);
        self.house.contract(&rival, &self.customer).await;
        self.house.contract(&rival, &own).await;
        (self.house.at_home(&self.house.agent(&rival, &[Role::AdminAgent]).await), own)
    }

    async fn policy(&self, name: &str) -> String {
        let made = configuration_policy_create(&self.seller, &self.house.db, self.wanted(name)).await;
        made.unwrap().id.to_string()
    }

    fn wanted(&self, name: &str) -> NewPolicy {
        let settings = vec![PolicySetting::SkipEula, PolicySetting::RemoveOemPreinstalls, PolicySetting::SkipEula];
        NewPolicy { customer: self.customer.id, name: name.to_owned(), description: None, settings }
    }

    async fn upload(&self, batch: &str, new_batch: bool, devices: Vec<NewDevice>) -> DeviceUpload {
        let upload = UploadDevices { customer: self.customer.id, batch: batch.to_owned(), new_batch, devices };
        devices_upload(&self.seller, &self.house.db, upload).await.unwrap()
    }

    /// What became of each device of an upload: `ok`, or why not.
    async fn judged(&self, batch: &str, new_batch: bool, devices: Vec<NewDevice>) -> Vec<String> {
        said(&self.upload(batch, new_batch, devices).await)
    }
}

fn said(upload: &DeviceUpload) -> Vec<String> {
    let said = |refusal: &DeviceRefusal| format!("{refusal:?}").split('(').next().unwrap_or_default().to_owned();
    upload.outcomes.iter().map(|outcome| outcome.refusal.as_ref().map_or("ok".to_owned(), said)).collect()
}

fn keyed(key: &str) -> NewDevice {
    NewDevice { product_key: Some(key.to_owned()), ..NewDevice::default() }
}

fn serial(number: &str) -> NewDevice {
    NewDevice {
        serial_number: Some(number.to_owned()),
        oem_manufacturer: Some("Fabrikam".to_owned()),
        model_name: Some("Laptop 3".to_owned()),
        ..NewDevice::default()
    }
}

#[test]
fn a_batch_is_brought_in_device_by_device() {
    in_a_house(|house| async move {
        let desk = Desk::new(house).await;
        let (db, customer) = (&desk.house.db, desk.customer.id);
        let policy = desk.policy("Front desk").await;
        let devices = vec![
            NewDevice { policy: Some(policy.to_uppercase()), ..keyed("AAA") },
            serial("S1"),
            keyed("aaa"),
            NewDevice { serial_number: Some("S2".to_owned()), ..NewDevice::default() },
            NewDevice { policy: Some(NOBODY.to_owned()), ..keyed("BBB") },
            NewDevice { hardware_hash: Some("aGFzaA==".to_owned()), ..serial("s1") },
        ];
        let upload = desk.upload("Spring order 1", true, devices).await;
        assert_eq!(said(&upload), ["ok", "ok", "AssignedAlready", "NotIdentified", "PolicyUnknown", "AssignedAlready"]);
        assert_eq!(upload.status, UploadStatus::FinishedWithErrors);
        assert_eq!(upload.outcomes[3].serial_number.as_deref(), Some("S2"), "as it was sent");
        let tracking = upload.id.to_string().to_uppercase();
        assert_eq!(device_upload_get(&desk.seller, db, customer, &tracking).await.unwrap(), upload);

        // A refused device left nothing behind.
        assert_eq!(desk.judged("SPRING ORDER 1", false, vec![keyed("BBB")]).await, ["ok"]);
        let batches = device_batch_list(&desk.seller, db, customer).await.unwrap();
        let seen: Vec<_> = batches.iter().map(|batch| (batch.name.as_str(), batch.devices, batch.status)).collect();
        assert_eq!(seen, [("Spring order 1", 3, UploadStatus::Finished)]);
        let page = device_page(&desk.seller, db, customer, "spring order 1", None).await.unwrap();
        let with_policy = page.items.iter().filter(|device| device.said.policy.as_deref() == Some(policy.as_str()));
        assert_eq!((page.items.len(), with_policy.count(), page.more), (3, 1, false));
        assert_eq!(configuration_policy_get(&desk.seller, db, customer, &policy).await.unwrap().devices, 1);
    });
}

#[test]
fn a_machine_is_one_customers_in_the_whole_world() {
    in_a_house(|house| async move {
        let desk = Desk::new(house).await;
        let (rival, own) = desk.rival().await;
        assert_eq!(desk.judged("First", true, vec![keyed("AAA"), serial("S1")]).await, ["ok", "ok"]);
        let theirs = async |customer: TenantId, name: &str, devices: Vec<NewDevice>| {
            let upload = UploadDevices { customer, batch: name.to_owned(), new_batch: true, devices };
            said(&devices_upload(&rival, &desk.house.db, upload).await.unwrap())
        };
        let both = || vec![keyed("aaa"), NewDevice { product_key: Some("new".to_owned()), ..serial("s1") }];
        assert_eq!(theirs(own.id, "Theirs", both()).await, ["AssignedElsewhere", "AssignedElsewhere"]);
        // Neither what it is to the same customer by another partner, nor the name of a batch is anybody else's.
        assert_eq!(theirs(desk.customer.id, "First", both()).await, ["AssignedElsewhere", "AssignedElsewhere"]);
        let page = device_page(&desk.seller, &desk.house.db, desk.customer.id, "First", None).await.unwrap();
        for device in page.items {
            let (id, db) = (device.id.to_string(), &desk.house.db);
            device_delete(&desk.seller, db, desk.customer.id, "First", &id).await.unwrap();
        }
        assert_eq!(theirs(own.id, "Later", both()).await, ["ok", "ok"], "a deleted device is free");
    });
}

#[test]
fn devices_get_policies_one_by_one_and_many_at_once() {
    in_a_house(|house| async move {
        let desk = Desk::new(house).await;
        let (db, customer) = (&desk.house.db, desk.customer.id);
        let (front, back) = (desk.policy("Front").await, desk.policy("Back").await);
        desk.upload("B", true, vec![keyed("AAA"), keyed("BBB")]).await;
        let page = device_page(&desk.seller, db, customer, "b", None).await.unwrap();
        let ids: Vec<String> = page.items.iter().map(|device| device.id.to_string()).collect();
        let change = |said: NewDevice, policy: Option<Option<String>>| {
            let change = DeviceChange { customer, batch: "B".to_owned(), id: ids[0].clone(), said, policy };
            device_change(&desk.seller, db, change)
        };
        let same = || page.items[0].said.clone();
        let changed = change(same(), Some(Some(front.to_uppercase()))).await.unwrap();
        assert_eq!(changed.said.policy.as_deref(), Some(front.as_str()));
        assert_eq!(change(same(), None).await.unwrap(), changed, "what is not said stays");
        assert_eq!(outcome(change(same(), Some(Some(NOBODY.to_owned()))).await), "InvalidField");
        let another = change(keyed("ZZZ"), Some(None)).await.unwrap_err();
        assert_eq!(another.field(), Some("productKey"));

        let refused = configuration_policy_delete(&desk.seller, db, customer, &front).await;
        assert_eq!(outcome(refused), "StatusChangeRefused", "a device still has it");
        let update = |device: &str, policy: Option<Option<&String>>| DevicePolicyUpdate {
            device: device.to_owned(),
            policy: policy.map(|policy| policy.cloned()),
        };
        let updates = vec![
            update(&ids[0], Some(None)),
            update(&ids[1], Some(Some(&back))),
            update(NOBODY, Some(None)),
            update("soon", None),
            update(&ids[1], Some(Some(&NOBODY.to_owned()))),
        ];
        let upload = devices_update(&desk.seller, db, customer, updates).await.unwrap();
        assert_eq!(said(&upload), ["ok", "ok", "DeviceUnknown", "DeviceUnknown", "PolicyUnknown"]);
        assert_eq!(device_upload_get(&desk.seller, db, customer, &upload.id.to_string()).await.unwrap(), upload);
        configuration_policy_delete(&desk.seller, db, customer, &front).await.unwrap();
        let kept = configuration_policy_list(&desk.seller, db, customer).await.unwrap();
        let kept: Vec<_> = kept.iter().map(|policy| (policy.name.as_str(), policy.devices)).collect();
        assert_eq!(kept, [("Back", 1)]);
    });
}

#[test]
fn policies_are_named_once_and_say_each_thing_once() {
    in_a_house(|house| async move {
        let desk = Desk::new(house).await;
        let (db, customer) = (&desk.house.db, desk.customer.id);
        let first = configuration_policy_create(&desk.seller, db, desk.wanted(" Front ")).await.unwrap();
        assert_eq!(first.name, "Front");
        assert_eq!(first.settings, [PolicySetting::RemoveOemPreinstalls, PolicySetting::SkipEula]);
        for (name, expected) in [("FRONT", "AlreadyExists"), ("", "MissingField"), ("a\nb", "InvalidField")] {
            assert_eq!(outcome(configuration_policy_create(&desk.seller, db, desk.wanted(name)).await), expected);
        }
        desk.policy("Back").await;
        let change = |name: Option<&str>, settings| ChangePolicy {
            customer,
            id: first.id.to_string(),
            name: name.map(str::to_owned),
            description: Some("At the door".to_owned()),
            settings,
        };
        let taken = configuration_policy_change(&desk.seller, db, change(Some("back"), None)).await;
        assert_eq!(outcome(taken), "AlreadyExists");
        let own = configuration_policy_change(&desk.seller, db, change(Some("FRONT"), Some(Vec::new()))).await.unwrap();
        assert_eq!((own.name.as_str(), own.settings.len()), ("FRONT", 0));
        let same = configuration_policy_change(&desk.seller, db, change(None, None)).await.unwrap();
        assert_eq!((same.name.as_str(), same.description.as_deref()), ("FRONT", Some("At the door")));
        assert_eq!(configuration_policy_get(&desk.seller, db, customer, &same.id.to_string()).await.unwrap(), same);
    });
}

#[test]
fn many_devices_come_in_pages() {
    in_a_house(|house| async move {
        let desk = Desk::new(house).await;
        let (db, customer) = (&desk.house.db, desk.customer.id);
        let devices: Vec<_> = (0..DEVICE_PAGE_MAX + 3).map(|number| keyed(&format!("key {number}"))).collect();
        assert!(desk.judged("Many", true, devices).await.iter().all(|said| said == "ok"));
        let first = device_page(&desk.seller, db, customer, "Many", None).await.unwrap();
        let last = first.items.last().map(|device| device.id);
        let second = device_page(&desk.seller, db, customer, "Many", last).await.unwrap();
        assert_eq!((first.items.len(), first.more), (DEVICE_PAGE_MAX, true));
        assert_eq!((second.items.len(), second.more), (3, false));
        assert!(second.items.iter().all(|device| !first.items.contains(device)));
    });
}

#[test]
fn another_partner_finds_nothing_and_other_roles_may_nothing() {
    in_a_house(|house| async move {
        let desk = Desk::new(house).await;
        let (db, customer) = (&desk.house.db, desk.customer.id);
        let (rival, _) = desk.rival().await;
        let stranger = desk.house.partner("adatum").await;
        let stranger = desk.house.at_home(&desk.house.agent(&stranger, &[Role::AdminAgent]).await);
        let policy = desk.policy("Front").await;
        let upload = desk.upload("B", true, vec![keyed("AAA")]).await;
        let device = upload.outcomes[0].device.unwrap().to_string();
        let in_role = |role| match &desk.seller.caller {
            Caller::SignedIn(identity) => {
                let identity = tenantry_core::Identity { roles: [role].into(), ..identity.clone() };
                OpContext { caller: Caller::SignedIn(identity), ..desk.seller.clone() }
            }
            _ => unreachable!(),
        };
        let (helpdesk, users) = (in_role(Role::HelpdeskAgent), in_role(Role::UserAdmin));
        let nobody = OpContext { caller: Caller::Nobody, ..desk.seller.clone() };
        for (who, ctx, listed, found) in [
            ("a rival", &rival, "ok", "ObjectNotFound"),
            ("a stranger", &stranger, "CustomerNotFound", "CustomerNotFound"),
            ("nobody", &nobody, "TokenMissing", "TokenMissing"),
            ("helpdesk", &helpdesk, "Forbidden", "Forbidden"),
            ("the platform", &desk.house.ctx, "ok", "ok"),
            ("a user admin", &users, "ok", "ok"),
        ] {
            assert_eq!(outcome(configuration_policy_list(ctx, db, customer).await), listed, "{who}");
            assert_eq!(outcome(device_batch_list(ctx, db, customer).await), listed, "{who}");
            assert_eq!(outcome(configuration_policy_get(ctx, db, customer, &policy).await), found, "{who}");
            assert_eq!(outcome(device_page(ctx, db, customer, "B", None).await), found, "{who}");
            let tracked = device_upload_get(ctx, db, customer, &upload.id.to_string()).await;
            assert_eq!(outcome(tracked), found, "{who}");
            let change = DeviceChange {
                customer,
                batch: "B".to_owned(),
                id: device.clone(),
                said: NewDevice::default(),
                policy: Some(None),
            };
            assert_eq!(outcome(device_change(ctx, db, change).await), found, "{who}");
            let more = UploadDevices { customer, batch: "B".to_owned(), new_batch: false, devices: vec![keyed(who)] };
            assert_eq!(outcome(devices_upload(ctx, db, more).await), found, "{who}");
            if found != "ok" {
                assert_eq!(outcome(device_delete(ctx, db, customer, "B", &device).await), found, "{who}");
                assert_eq!(outcome(configuration_policy_delete(ctx, db, customer, &policy).await), found, "{who}");
            }
        }
        let seen = device_batch_list(&rival, db, customer).await.unwrap();
        assert!(seen.is_empty(), "{seen:?}");
    });
}

#[test]
fn uploads_that_cannot_be_are_refused_as_a_whole() {
    in_a_house(|house| async move {
        let desk = Desk::new(house).await;
        let (db, customer) = (&desk.house.db, desk.customer.id);
        desk.upload("There", true, vec![keyed("AAA")]).await;
        for (batch, new_batch, count, expected) in [
            ("there", true, 1, "AlreadyExists"),
            ("elsewhere", false, 1, "ObjectNotFound"),
            ("", true, 1, "MissingField"),
            ("a/b", true, 1, "InvalidField"),
            ("a\nb", true, 1, "InvalidField"),
            ("New", true, 0, "MissingField"),
            ("New", true, 1001, "TooLarge"),
        ] {
            let devices = (0..count).map(|number| keyed(&format!("{batch} {number}"))).collect();
            let upload = UploadDevices { customer, batch: batch.to_owned(), new_batch, devices };
            assert_eq!(outcome(devices_upload(&desk.seller, db, upload).await), expected, "{batch:?} {count}");
        }
        assert_eq!(device_batch_list(&desk.seller, db, customer).await.unwrap().len(), 1);
        assert_eq!(outcome(devices_update(&desk.seller, db, customer, Vec::new()).await), "MissingField");
    });
}
