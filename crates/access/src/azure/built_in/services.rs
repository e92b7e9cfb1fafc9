//! Roles about machines, networks, storage, backup, web sites and keys.

use super::BuiltIn;
use uuid::uuid;

pub(super) const ROLES: [BuiltIn; 13] = [
    BuiltIn {
        id: uuid!("9980e02c-c2be-4d73-94e8-173b1dc7cf3c"),
        name: "Virtual Machine Contributor",
        description: "Lets you manage virtual machines, but not access to them, and not the virtual network or storage account they're connected to.",
        actions: "
            Microsoft.Authorization/*/read
            Microsoft.Compute/availabilitySets/*
            Microsoft.Compute/locations/*
            Microsoft.Compute/virtualMachines/*
            Microsoft.Compute/virtualMachineScaleSets/*
            Microsoft.Compute/disks/write
            Microsoft.Compute/disks/read
            Microsoft.Compute/disks/delete
            Microsoft.DevTestLab/schedules/*
            Microsoft.Insights/alertRules/*
            Microsoft.Network/applicationGateways/backendAddressPools/join/action
            Microsoft.Network/loadBalancers/backendAddressPools/join/action
            Microsoft.Network/loadBalancers/inboundNatPools/join/action
            Microsoft.Network/loadBalancers/inboundNatRules/join/action
            Microsoft.Network/loadBalancers/probes/join/action
            Microsoft.Network/loadBalancers/read
            Microsoft.Network/locations/*
            Microsoft.Network/networkInterfaces/*
            Microsoft.Network/networkSecurityGroups/join/action
            Microsoft.Network/networkSecurityGroups/read
            Microsoft.Network/publicIPAddresses/join/action
            Microsoft.Network/publicIPAddresses/read
            Microsoft.Network/virtualNetworks/read
            Microsoft.Network/virtualNetworks/subnets/join/action
            Microsoft.RecoveryServices/locations/*
            Microsoft.RecoveryServices/Vaults/backupFabrics/backupProtectionIntent/write
            Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/*/read
            Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/read
            Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/write
            Microsoft.RecoveryServices/Vaults/backupPolicies/read
            Microsoft.RecoveryServices/Vaults/backupPolicies/write
            Microsoft.RecoveryServices/Vaults/read
            Microsoft.RecoveryServices/Vaults/usages/read
            Microsoft.RecoveryServices/Vaults/write
            Microsoft.ResourceHealth/availabilityStatuses/read
            Microsoft.Resources/deployments/*
            Microsoft.Resources/subscriptions/resourceGroups/read
            Microsoft.SqlVirtualMachine/*
            Microsoft.Storage/storageAccounts/listKeys/action
            Microsoft.Storage/storageAccounts/read
            Microsoft.Support/*
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("1c0163c0-47e6-4577-8991-ea5c82e286e4"),
        name: "Virtual Machine Administrator Login",
        description: "View Virtual Machines in the portal and login as administrator",
        actions: "
            Microsoft.Network/publicIPAddresses/read
            Microsoft.Network/virtualNetworks/read
            Microsoft.Network/loadBalancers/read
            Microsoft.Network/networkInterfaces/read
            Microsoft.Compute/virtualMachines/*/read
        ",
        not_actions: "",
        data_actions: "
            Microsoft.Compute/virtualMachines/login/action
            Microsoft.Compute/virtualMachines/loginAsAdmin/action
        ",
    },
    BuiltIn {
        id: uuid!("fb879df8-f326-4884-b1cf-06f3ad86be52"),
        name: "Virtual Machine User Login",
        description: "View Virtual Machines in the portal and login as a regular user.",
        actions: "
            Microsoft.Network/publicIPAddresses/read
            Microsoft.Network/virtualNetworks/read
            Microsoft.Network/loadBalancers/read
            Microsoft.Network/networkInterfaces/read
            Microsoft.Compute/virtualMachines/*/read
        ",
        not_actions: "",
        data_actions: "
            Microsoft.Compute/virtualMachines/login/action
        ",
    },
    BuiltIn {
        id: uuid!("4d97b98b-1d4f-4787-a291-c67834d212e7"),
        name: "Network Contributor",
        description: "Lets you manage networks, but not access to them.",
        actions: "
            Microsoft.Authorization/*/read
            Microsoft.Insights/alertRules/*
            Microsoft.Network/*
            Microsoft.ResourceHealth/availabilityStatuses/read
            Microsoft.Resources/deployments/*
            Microsoft.Resources/subscriptions/resourceGroups/read
            Microsoft.Support/*
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("befefa01-2a29-4197-83a8-272ff33ce314"),
        name: "DNS Zone Contributor",
        description: "Lets you manage DNS zones and record sets in Azure DNS, but does not let you control who has access to them.",
        actions: "
            Microsoft.Authorization/*/read
            Microsoft.Insights/alertRules/*
            Microsoft.Network/dnsZones/*
            Microsoft.ResourceHealth/availabilityStatuses/read
            Microsoft.Resources/deployments/*
            Microsoft.Resources/subscriptions/resourceGroups/read
            Microsoft.Support/*
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("17d1049b-9a84-46fb-8f53-869881c3d3ab"),
        name: "Storage Account Contributor",
        description: "Lets you manage storage accounts, including accessing storage account keys which provide full access to storage account data.",
        actions: "
            Microsoft.Authorization/*/read
            Microsoft.Insights/alertRules/*
            Microsoft.Insights/diagnosticSettings/*
            Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action
            Microsoft.ResourceHealth/availabilityStatuses/read
            Microsoft.Resources/deployments/*
            Microsoft.Resources/subscriptions/resourceGroups/read
            Microsoft.Storage/storageAccounts/*
            Microsoft.Support/*
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("b7e6dc6d-f1e8-4753-8033-0f276bb0955b"),
        name: "Storage Blob Data Owner",
        description: "Allows for full access to Azure Storage blob containers and data, including assigning POSIX access control.",
        actions: "
            Microsoft.Storage/storageAccounts/blobServices/containers/*
            Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action
        ",
        not_actions: "",
        data_actions: "
            Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*
        ",
    },
    BuiltIn {
        id: uuid!("ba92f5b4-2d11-453d-a403-e96b0029c9fe"),
        name: "Storage Blob Data Contributor",
        description: "Allows for read, write and delete access to Azure Storage blob containers and data",
        actions: "
            Microsoft.Storage/storageAccounts/blobServices/containers/delete
            Microsoft.Storage/storageAccounts/blobServices/containers/read
            Microsoft.Storage/storageAccounts/blobServices/containers/write
            Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action
        ",
        not_actions: "",
        data_actions: "
            Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete
            Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read
            Microsoft.Storage/storageAccounts/blobServices/containers/blobs/move/action
            Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write
        ",
    },
    BuiltIn {
        id: uuid!("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"),
        name: "Storage Blob Data Reader",
        description: "Allows for read access to Azure Storage blob containers and data",
        actions: "
            Microsoft.Storage/storageAccounts/blobServices/containers/read
            Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action
        ",
        not_actions: "",
        data_actions: "
            Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read
        ",
    },
    BuiltIn {
        id: uuid!("5e467623-bb1f-42f4-a55d-6e525e11384b"),
        name: "Backup Contributor",
        description: "Lets you manage backup service,but can't create vaults and give access to others",
        actions: "
            Microsoft.Authorization/*/read
            Microsoft.Network/virtualNetworks/read
            Microsoft.RecoveryServices/locations/*
            Microsoft.RecoveryServices/Vaults/backupFabrics/operationResults/*
            Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/*
            Microsoft.RecoveryServices/Vaults/backupFabrics/refreshContainers/action
            Microsoft.RecoveryServices/Vaults/backupJobs/*
            Microsoft.RecoveryServices/Vaults/backupJobsExport/action
            Microsoft.RecoveryServices/Vaults/backupOperationResults/*
            Microsoft.RecoveryServices/Vaults/backupPolicies/*
            Microsoft.RecoveryServices/Vaults/backupProtectableItems/*
            Microsoft.RecoveryServices/Vaults/backupProtectedItems/*
            Microsoft.RecoveryServices/Vaults/backupProtectionContainers/*
            Microsoft.RecoveryServices/Vaults/backupSecurityPIN/*
            Microsoft.RecoveryServices/Vaults/backupUsageSummaries/read
            Microsoft.RecoveryServices/Vaults/certificates/*
            Microsoft.RecoveryServices/Vaults/extendedInformation/*
            Microsoft.RecoveryServices/Vaults/monitoringAlerts/read
            Microsoft.RecoveryServices/Vaults/monitoringConfigurations/*
            Microsoft.RecoveryServices/Vaults/read
            Microsoft.RecoveryServices/Vaults/registeredIdentities/*
            Microsoft.RecoveryServices/Vaults/usages/*
            Microsoft.Resources/deployments/*
            Microsoft.Resources/subscriptions/resourceGroups/read
            Microsoft.Storage/storageAccounts/read
            Microsoft.RecoveryServices/Vaults/backupstorageconfig/*
            Microsoft.RecoveryServices/Vaults/backupconfig/*
            Microsoft.RecoveryServices/Vaults/backupValidateOperation/action
            Microsoft.RecoveryServices/Vaults/write
            Microsoft.RecoveryServices/Vaults/backupOperations/read
            Microsoft.RecoveryServices/Vaults/backupEngines/read
            Microsoft.RecoveryServices/Vaults/backupFabrics/backupProtectionIntent/*
            Microsoft.RecoveryServices/Vaults/backupFabrics/protectableContainers/read
            Microsoft.RecoveryServices/locations/backupStatus/action
            Microsoft.RecoveryServices/locations/backupPreValidateProtection/action
            Microsoft.RecoveryServices/locations/backupValidateFeatures/action
            Microsoft.RecoveryServices/Vaults/monitoringAlerts/write
            Microsoft.RecoveryServices/operations/read
            Microsoft.RecoveryServices/locations/operationStatus/read
            Microsoft.RecoveryServices/Vaults/backupProtectionIntents/read
            Microsoft.Support/*
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("de139f84-1756-47ae-9be6-808fbbe84772"),
        name: "Website Contributor",
        description: "Lets you manage websites (not web plans), but not access to them.",
        actions: "
            Microsoft.Authorization/*/read
            Microsoft.Insights/alertRules/*
            Microsoft.Insights/components/*
            Microsoft.ResourceHealth/availabilityStatuses/read
            Microsoft.Resources/deployments/*
            Microsoft.Resources/subscriptions/resourceGroups/read
            Microsoft.Support/*
            Microsoft.Web/certificates/*
            Microsoft.Web/listSitesAssignedToHostName/read
            Microsoft.Web/serverFarms/join/action
            Microsoft.Web/serverFarms/read
            Microsoft.Web/sites/*
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("2cc479cb-7b4d-49a8-b449-8c00fd0f0a4b"),
        name: "Web Plan Contributor",
        description: "Lets you manage the web plans for websites, but not access to them.",
        actions: "
            Microsoft.Authorization/*/read
            Microsoft.Insights/alertRules/*
            Microsoft.ResourceHealth/availabilityStatuses/read
            Microsoft.Resources/deployments/*
            Microsoft.Resources/subscriptions/resourceGroups/read
            Microsoft.Support/*
            Microsoft.Web/serverFarms/*
            Microsoft.Web/hostingEnvironments/Join/Action
            Microsoft.Insights/autoscalesettings/*
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("f25e0fa2-a7c8-4377-a976-54943a77a395"),
        name: "Key Vault Contributor",
        description: "Lets you manage key vaults, but not access to them.",
        actions: "
            Microsoft.Authorization/*/read
            Microsoft.Insights/alertRules/*
            Microsoft.KeyVault/*
            Microsoft.Resources/deployments/*
            Microsoft.Resources/subscriptions/resourceGroups/read
            Microsoft.Support/*
        ",
        not_actions: "
            Microsoft.KeyVault/locations/deletedVaults/purge/action
            Microsoft.KeyVault/hsmPools/*
            Microsoft.KeyVault/managedHsms/*
        ",
        data_actions: "",
    },
];
