//! Roles that are not about one service: everything, reading, access, costs, support, tags, monitoring, security.

use super::BuiltIn;
use uuid::uuid;

pub(super) const ROLES: [BuiltIn; 16] = [
    BuiltIn {
        id: uuid!("8e3af657-a8ff-443c-a75c-2fe8c4bcb635"),
        name: "Owner",
        description: "Grants full access to manage all resources, including the ability to assign roles in Azure RBAC.",
        actions: "
            *
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("b24988ac-6180-42a0-ab88-20f7382dd24c"),
        name: "Contributor",
        description: "Grants full access to manage all resources, but does not allow you to assign roles in Azure RBAC, manage assignments in Azure Blueprints, or share image galleries.",
        actions: "
            *
        ",
        not_actions: "
            Microsoft.Authorization/*/Delete
            Microsoft.Authorization/*/Write
            Microsoft.Authorization/elevateAccess/Action
            Microsoft.Blueprint/blueprintAssignments/write
            Microsoft.Blueprint/blueprintAssignments/delete
            Microsoft.Compute/galleries/share/action
            Microsoft.Purview/consents/write
            Microsoft.Purview/consents/delete
        ",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("acdd72a7-3385-48ef-bd42-f606fba81ae7"),
        name: "Reader",
        description: "View all resources, but does not allow you to make any changes.",
        actions: "
            */read
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"),
        name: "User Access Administrator",
        description: "Lets you manage user access to Azure resources.",
        actions: "
            */read
            Microsoft.Authorization/*
            Microsoft.Support/*
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("f58310d9-a9f6-439a-9e8d-f62e7b41a168"),
        name: "Role Based Access Control Administrator",
        description: "Says who holds which role, and changes nothing else.",
        actions: "
            Microsoft.Authorization/roleAssignments/write
            Microsoft.Authorization/roleAssignments/delete
            */read
            Microsoft.Support/*
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("fa23ad8b-c56e-40d8-ac0c-ce449e1d2c64"),
        name: "Billing Reader",
        description: "Allows read access to billing data",
        actions: "
            Microsoft.Authorization/*/read
            Microsoft.Billing/*/read
            Microsoft.Commerce/*/read
            Microsoft.Consumption/*/read
            Microsoft.Management/managementGroups/read
            Microsoft.CostManagement/*/read
            Microsoft.Support/*
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("72fafb9e-0641-4937-9268-a91bfd8191a3"),
        name: "Cost Management Reader",
        description: "Can view cost data and configuration (e.g. budgets, exports)",
        actions: "
            Microsoft.Consumption/*/read
            Microsoft.CostManagement/*/read
            Microsoft.Billing/billingPeriods/read
            Microsoft.Resources/subscriptions/read
            Microsoft.Resources/subscriptions/resourceGroups/read
            Microsoft.Support/*
            Microsoft.Advisor/configurations/read
            Microsoft.Advisor/recommendations/read
            Microsoft.Management/managementGroups/read
            Microsoft.Billing/billingProperty/read
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("434105ed-43f6-45c7-a02f-909b2ba83430"),
        name: "Cost Management Contributor",
        description: "Can view costs and manage cost configuration (e.g. budgets, exports)",
        actions: "
            Microsoft.Consumption/*
            Microsoft.CostManagement/*
            Microsoft.Billing/billingPeriods/read
            Microsoft.Resources/subscriptions/read
            Microsoft.Resources/subscriptions/resourceGroups/read
            Microsoft.Support/*
            Microsoft.Advisor/configurations/read
            Microsoft.Advisor/recommendations/read
            Microsoft.Management/managementGroups/read
            Microsoft.Billing/billingProperty/read
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("cfd33db0-3dd1-45e3-aa9d-cdbdf3b6f24e"),
        name: "Support Request Contributor",
        description: "Lets you create and manage Support requests",
        actions: "
            Microsoft.Authorization/*/read
            Microsoft.Resources/subscriptions/resourceGroups/read
            Microsoft.Support/*
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("4a9ae827-6dc8-4573-8ac7-8239d42aa03f"),
        name: "Tag Contributor",
        description: "Lets you manage tags on entities, without providing access to the entities themselves.",
        actions: "
            Microsoft.Authorization/*/read
            Microsoft.Resources/subscriptions/resourceGroups/read
            Microsoft.Resources/subscriptions/resourceGroups/resources/read
            Microsoft.Resources/subscriptions/resources/read
            Microsoft.Resources/deployments/*
            Microsoft.Insights/alertRules/*
            Microsoft.Support/*
            Microsoft.Resources/tags/*
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("91c1777a-f3dc-4fae-b103-61d183457e46"),
        name: "Managed Services Registration assignment Delete Role",
        description: "Managed Services Registration Assignment Delete Role allows the managing tenant users to delete the registration assignment assigned to their tenant.",
        actions: "
            Microsoft.ManagedServices/registrationAssignments/read
            Microsoft.ManagedServices/registrationAssignments/delete
            Microsoft.ManagedServices/operationStatuses/read
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("43d0d8ad-25c7-4714-9337-8ba259a9fe05"),
        name: "Monitoring Reader",
        description: "Can read all monitoring data.",
        actions: "
            */read
            Microsoft.OperationalInsights/workspaces/search/action
            Microsoft.Support/*
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("749f88d5-cbae-40b8-bcfc-e573ddc772fa"),
        name: "Monitoring Contributor",
        description: "Can read all monitoring data and update monitoring settings.",
        actions: "
            */read
            Microsoft.AlertsManagement/alerts/*
            Microsoft.AlertsManagement/alertsSummary/*
            Microsoft.Insights/actiongroups/*
            Microsoft.Insights/activityLogAlerts/*
            Microsoft.Insights/AlertRules/*
            Microsoft.Insights/components/*
            Microsoft.Insights/dataCollectionRules/*
            Microsoft.Insights/dataCollectionRuleAssociations/*
            Microsoft.Insights/DiagnosticSettings/*
            Microsoft.Insights/eventtypes/*
            Microsoft.Insights/LogDefinitions/*
            Microsoft.Insights/metricalerts/*
            Microsoft.Insights/MetricDefinitions/*
            Microsoft.Insights/Metrics/*
            Microsoft.Insights/Register/Action
            Microsoft.Insights/scheduledqueryrules/*
            Microsoft.Insights/webtests/*
            Microsoft.Insights/workbooks/*
            Microsoft.Insights/privateLinkScopes/*
            Microsoft.Insights/privateLinkScopeOperationStatuses/*
            Microsoft.OperationalInsights/workspaces/write
            Microsoft.OperationalInsights/workspaces/intelligencepacks/*
            Microsoft.OperationalInsights/workspaces/savedSearches/*
            Microsoft.OperationalInsights/workspaces/search/action
            Microsoft.OperationalInsights/workspaces/sharedKeys/action
            Microsoft.OperationalInsights/workspaces/storageinsightconfigs/*
            Microsoft.Support/*
            Microsoft.WorkloadMonitor/monitors/*
            Microsoft.AlertsManagement/smartDetectorAlertRules/*
            Microsoft.AlertsManagement/actionRules/*
            Microsoft.AlertsManagement/smartGroups/*
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("73c42c96-874c-492b-b04d-ab87d138a893"),
        name: "Log Analytics Reader",
        description: "Log Analytics Reader can view and search all monitoring data as well as and view monitoring settings, including viewing the configuration of Azure diagnostics on all Azure resources.",
        actions: "
            */read
            Microsoft.OperationalInsights/workspaces/analytics/query/action
            Microsoft.OperationalInsights/workspaces/search/action
            Microsoft.Support/*
        ",
        not_actions: "
            Microsoft.OperationalInsights/workspaces/sharedKeys/read
        ",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("39bc4728-0917-49c7-9d2c-d95423bc2eb4"),
        name: "Security Reader",
        description: "Security Reader Role",
        actions: "
            Microsoft.Authorization/*/read
            Microsoft.Insights/alertRules/read
            Microsoft.operationalInsights/workspaces/*/read
            Microsoft.Resources/deployments/*/read
            Microsoft.Resources/subscriptions/resourceGroups/read
            Microsoft.Security/*/read
            Microsoft.Support/*/read
            Microsoft.Security/iotDefenderSettings/packageDownloads/action
            Microsoft.Security/iotDefenderSettings/downloadManagerActivation/action
            Microsoft.Management/managementGroups/read
        ",
        not_actions: "",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("fb1c8493-542b-48eb-b624-b4c8fea62acd"),
        name: "Security Admin",
        description: "Security Admin Role",
        actions: "
            Microsoft.Authorization/*/read
            Microsoft.Authorization/policyAssignments/*
            Microsoft.Authorization/policyDefinitions/*
            Microsoft.Authorization/policyExemptions/*
            Microsoft.Authorization/policySetDefinitions/*
            Microsoft.Insights/alertRules/*
            Microsoft.Management/managementGroups/read
            Microsoft.operationalInsights/workspaces/*/read
            Microsoft.Resources/deployments/*
            Microsoft.Resources/subscriptions/resourceGroups/read
            Microsoft.Security/*
            Microsoft.Support/*
        ",
        not_actions: "",
        data_actions: "",
    },
];
