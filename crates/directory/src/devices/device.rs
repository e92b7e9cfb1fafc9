//! A device, and by what it is known.

use super::upload::DeviceRefusal;
use sha2::{Digest, Sha256};
use tenantry_core::Timestamp;
use uuid::Uuid;

/// Longest hardware hash, in characters. Those of the field have about 4000.
const HASH_MAX: usize = 16_000;
/// Longest other text, in characters.
const TEXT_MAX: usize = 100;

/// A device to be brought in, as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewDevice {
    /// The maker's number of the machine.
    pub serial_number: Option<String>,
    /// The key of its system.
    pub product_key: Option<String>,
    /// What the machine says of its parts, in base64.
    pub hardware_hash: Option<String>,
    /// What model it is.
    pub model_name: Option<String>,
    /// Who made it.
    pub oem_manufacturer: Option<String>,
    /// Id of the configuration policy it is to have.
    pub policy: Option<String>,
}

/// A device of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Names it.
    pub id: Uuid,
    /// By what the machine is known, and what it is. [`NewDevice::policy`] of it is the policy it has now.
    pub said: NewDevice,
    /// When it was brought in.
    pub uploaded_at: Timestamp,
}

impl NewDevice {
    /// Trimmed and bounded, blank texts taken for absent; refused if that does not say which machine it is.
    ///
    /// A machine is known by its hash, by its key, or by serial number, maker and model together
    /// (partner-center-v1.md 3.22).
    pub(super) fn checked(self) -> Result<Self, DeviceRefusal> {
        let checked = Self {
            serial_number: text("serialNumber", self.serial_number, TEXT_MAX)?,
            product_key: text("productKey", self.product_key, TEXT_MAX)?,
            hardware_hash: text("hardwareHash", self.hardware_hash, HASH_MAX)?,
            model_name: text("modelName", self.model_name, TEXT_MAX)?,
            oem_manufacturer: text("oemManufacturerName", self.oem_manufacturer, TEXT_MAX)?,
            policy: self.policy.map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()),
        };
        if checked.known_by().is_empty() {
            return Err(DeviceRefusal::NotIdentified(
                "send hardwareHash, productKey, or serialNumber with oemManufacturerName and modelName".to_owned(),
            ));
        }
        Ok(checked)
    }

    /// Digests of all it is known by. Two devices with one in common are the same machine.
    pub(super) fn known_by(&self) -> Vec<String> {
        let digest = |kind: &str, parts: &[&str]| {
            let mut sha = Sha256::new();
            sha.update(kind);
            for part in parts {
                // The end of a part is part of what is digested, or two parts could be cut elsewhere.
                sha.update([0]);
                sha.update(part);
            }
            sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        };
        let lower = |text: &Option<String>| text.as_ref().map(|text| text.to_lowercase());
        let mut known = Vec::new();
        // Base64 has letters of both cases; keys and serial numbers are typed in any.
        known.extend(self.hardware_hash.as_ref().map(|hash| digest("hash", &[hash])));
        known.extend(lower(&self.product_key).map(|key| digest("key", &[&key])));
        if let (Some(serial), Some(maker), Some(model)) =
            (lower(&self.serial_number), lower(&self.oem_manufacturer), lower(&self.model_name))
        {
            known.push(digest("serial", &[&serial, &maker, &model]));
        }
        known
    }

    /// The first member that is sent and differs from what the device is known by.
    pub(super) fn differs(&self, sent: &Self) -> Option<&'static str> {
        let pairs = [
            ("serialNumber", &self.serial_number, &sent.serial_number),
            ("productKey", &self.product_key, &sent.product_key),
            ("hardwareHash", &self.hardware_hash, &sent.hardware_hash),
            ("modelName", &self.model_name, &sent.model_name),
            ("oemManufacturerName", &self.oem_manufacturer, &sent.oem_manufacturer),
        ];
        let other = |kept: &Option<String>, sent: &Option<String>| {
            let sent = sent.as_deref().map(str::trim).filter(|sent| !sent.is_empty());
            sent.is_some_and(|sent| kept.as_deref() != Some(sent))
        };
        pairs.into_iter().find(|(_, kept, sent)| other(kept, sent)).map(|(name, ..)| name)
    }
}

fn text(field: &str, value: Option<String>, length_max: usize) -> Result<Option<String>, DeviceRefusal> {
    crate::people::text::optional(field, value.as_deref(), length_max)
        .map_err(|problem| DeviceRefusal::NotIdentified(problem.message().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(said: [&str; 5]) -> NewDevice {
        let [serial, key, hash, model, maker] = said.map(|text| (!text.is_empty()).then(|| text.to_owned()));
        NewDevice {
            serial_number: serial,
            product_key: key,
            hardware_hash: hash,
            model_name: model,
            oem_manufacturer: maker,
            policy: None,
        }
    }

    #[test]
    fn a_machine_is_known_by_the_combinations_of_the_field() {
        for (said, known) in [
            (["", "", "aGFzaA==", "", ""], 1),
            (["", "key", "", "", ""], 1),
            (["", "key", "aGFzaA==", "", ""], 2),
            (["s1", "", "aGFzaA==", "", ""], 1),
            (["s1", "key", "aGFzaA==", "", ""], 2),
            (["s1", "", "", "Laptop 3", "Fabrikam"], 1),
            (["s1", "", "", "Laptop 3", ""], 0),
            (["s1", "", "", "", ""], 0),
            ([" ", "\t", "", "", ""], 0),
        ] {
            let checked = device(said).checked();
            assert_eq!(checked.map_or(0, |device| device.known_by().len()), known, "{said:?}");
        }
        assert!(device(["s".repeat(101).as_str(), "key", "", "", ""]).checked().is_err());
    }

    #[test]
    fn parts_are_not_cut_elsewhere_and_case_of_typed_texts_does_not_matter() {
        let known = |said| device(said).known_by();
        assert_eq!(known(["S1", "", "", "Laptop", "Fabrikam"]), known(["s1", "", "", "LAPTOP", "fabrikam"]));
        assert_ne!(known(["s", "", "", "p", "1lapto"]), known(["s1", "", "", "p", "lapto"]));
        assert_ne!(known(["", "", "aGFzaA==", "", ""]), known(["", "", "AGFZAA==", "", ""]));
        assert_ne!(known(["", "k", "", "", ""]), known(["", "", "k", "", ""]));
    }
}
