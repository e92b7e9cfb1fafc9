//! Roles about SQL databases. What is security there is left out of the two contributors and given to a role of its own.

use super::BuiltIn;
use uuid::uuid;

pub(super) const ROLES: [BuiltIn; 3] = [
    BuiltIn {
        id: uuid!("9b7fa17d-e63e-47b0-bb0a-15c516ac86ec"),
        name: "SQL DB Contributor",
        description: "Lets you manage SQL databases, but not access to them. Also, you can't manage their security-related policies or their parent SQL servers.",
        actions: "
            Microsoft.Authorization/*/read
            Microsoft.Insights/alertRules/*
            Microsoft.ResourceHealth/availabilityStatuses/read
            Microsoft.Resources/deployments/*
            Microsoft.Resources/subscriptions/resourceGroups/read
            Microsoft.Sql/locations/*/read
            Microsoft.Sql/servers/databases/*
            Microsoft.Sql/servers/read
            Microsoft.Support/*
            Microsoft.Insights/metrics/read
            Microsoft.Insights/metricDefinitions/read
        ",
        not_actions: "
            Microsoft.Sql/managedInstances/databases/currentSensitivityLabels/*
            Microsoft.Sql/managedInstances/databases/recommendedSensitivityLabels/*
            Microsoft.Sql/managedInstances/databases/schemas/tables/columns/sensitivityLabels/*
            Microsoft.Sql/managedInstances/databases/securityAlertPolicies/*
            Microsoft.Sql/managedInstances/databases/sensitivityLabels/*
            Microsoft.Sql/managedInstances/databases/vulnerabilityAssessments/*
            Microsoft.Sql/managedInstances/securityAlertPolicies/*
            Microsoft.Sql/managedInstances/vulnerabilityAssessments/*
            Microsoft.Sql/servers/databases/auditingSettings/*
            Microsoft.Sql/servers/databases/auditRecords/read
            Microsoft.Sql/servers/databases/currentSensitivityLabels/*
            Microsoft.Sql/servers/databases/dataMaskingPolicies/*
            Microsoft.Sql/servers/databases/extendedAuditingSettings/*
            Microsoft.Sql/servers/databases/recommendedSensitivityLabels/*
            Microsoft.Sql/servers/databases/schemas/tables/columns/sensitivityLabels/*
            Microsoft.Sql/servers/databases/securityAlertPolicies/*
            Microsoft.Sql/servers/databases/securityMetrics/*
            Microsoft.Sql/servers/databases/sensitivityLabels/*
            Microsoft.Sql/servers/databases/vulnerabilityAssessments/*
            Microsoft.Sql/servers/databases/vulnerabilityAssessmentScans/*
            Microsoft.Sql/servers/databases/vulnerabilityAssessmentSettings/*
            Microsoft.Sql/servers/vulnerabilityAssessments/*
            Microsoft.Sql/servers/databases/ledgerDigestUploads/write
            Microsoft.Sql/servers/databases/ledgerDigestUploads/disable/action
        ",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("6d8ee4ec-f05a-4a1d-8b00-a9b17e38b437"),
        name: "SQL Server Contributor",
        description: "Lets you manage SQL servers and databases, but not access to them, and not their security -related policies.",
        actions: "
            Microsoft.Authorization/*/read
            Microsoft.Insights/alertRules/*
            Microsoft.ResourceHealth/availabilityStatuses/read
            Microsoft.Resources/deployments/*
            Microsoft.Resources/subscriptions/resourceGroups/read
            Microsoft.Sql/locations/*/read
            Microsoft.Sql/servers/*
            Microsoft.Support/*
            Microsoft.Insights/metrics/read
            Microsoft.Insights/metricDefinitions/read
        ",
        not_actions: "
            Microsoft.Sql/managedInstances/databases/currentSensitivityLabels/*
            Microsoft.Sql/managedInstances/databases/recommendedSensitivityLabels/*
            Microsoft.Sql/managedInstances/databases/schemas/tables/columns/sensitivityLabels/*
            Microsoft.Sql/managedInstances/databases/securityAlertPolicies/*
            Microsoft.Sql/managedInstances/databases/sensitivityLabels/*
            Microsoft.Sql/managedInstances/databases/vulnerabilityAssessments/*
            Microsoft.Sql/managedInstances/securityAlertPolicies/*
            Microsoft.Sql/managedInstances/vulnerabilityAssessments/*
            Microsoft.Sql/servers/auditingSettings/*
            Microsoft.Sql/servers/databases/auditingSettings/*
            Microsoft.Sql/servers/databases/auditRecords/read
            Microsoft.Sql/servers/databases/currentSensitivityLabels/*
            Microsoft.Sql/servers/databases/dataMaskingPolicies/*
            Microsoft.Sql/servers/databases/extendedAuditingSettings/*
            Microsoft.Sql/servers/databases/recommendedSensitivityLabels/*
            Microsoft.Sql/servers/databases/schemas/tables/columns/sensitivityLabels/*
            Microsoft.Sql/servers/databases/securityAlertPolicies/*
            Microsoft.Sql/servers/databases/securityMetrics/*
            Microsoft.Sql/servers/databases/sensitivityLabels/*
            Microsoft.Sql/servers/databases/vulnerabilityAssessments/*
            Microsoft.Sql/servers/databases/vulnerabilityAssessmentScans/*
            Microsoft.Sql/servers/databases/vulnerabilityAssessmentSettings/*
            Microsoft.Sql/servers/extendedAuditingSettings/*
            Microsoft.Sql/servers/securityAlertPolicies/*
            Microsoft.Sql/servers/vulnerabilityAssessments/*
            Microsoft.Sql/servers/azureADOnlyAuthentications/delete
            Microsoft.Sql/servers/azureADOnlyAuthentications/write
        ",
        data_actions: "",
    },
    BuiltIn {
        id: uuid!("056cd41c-7e88-42e1-933e-88ba6a50c9c3"),
        name: "SQL Security Manager",
        description: "Lets you manage the security-related policies of SQL servers and databases, but not access to them.",
        actions: "
            Microsoft.Authorization/*/read
            Microsoft.Insights/alertRules/*
            Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action
            Microsoft.ResourceHealth/availabilityStatuses/read
            Microsoft.Resources/deployments/*
            Microsoft.Resources/subscriptions/resourceGroups/read
            Microsoft.Sql/locations/administratorAzureAsyncOperation/read
            Microsoft.Sql/managedInstances/databases/currentSensitivityLabels/*
            Microsoft.Sql/managedInstances/databases/recommendedSensitivityLabels/*
            Microsoft.Sql/managedInstances/databases/schemas/tables/columns/sensitivityLabels/*
            Microsoft.Sql/managedInstances/databases/securityAlertPolicies/*
            Microsoft.Sql/managedInstances/databases/sensitivityLabels/*
            Microsoft.Sql/managedInstances/databases/vulnerabilityAssessments/*
            Microsoft.Sql/managedInstances/securityAlertPolicies/*
            Microsoft.Sql/managedInstances/databases/transparentDataEncryption/*
            Microsoft.Sql/managedInstances/vulnerabilityAssessments/*
            Microsoft.Sql/servers/auditingSettings/*
            Microsoft.Sql/servers/extendedAuditingSettings/read
            Microsoft.Sql/servers/databases/auditingSettings/*
            Microsoft.Sql/servers/databases/auditRecords/read
            Microsoft.Sql/servers/databases/currentSensitivityLabels/*
            Microsoft.Sql/servers/databases/dataMaskingPolicies/*
            Microsoft.Sql/servers/databases/extendedAuditingSettings/read
            Microsoft.Sql/servers/databases/read
            Microsoft.Sql/servers/databases/recommendedSensitivityLabels/*
            Microsoft.Sql/servers/databases/schemas/read
            Microsoft.Sql/servers/databases/schemas/tables/columns/read
            Microsoft.Sql/servers/databases/schemas/tables/columns/sensitivityLabels/*
            Microsoft.Sql/servers/databases/schemas/tables/read
            Microsoft.Sql/servers/databases/securityAlertPolicies/*
            Microsoft.Sql/servers/databases/securityMetrics/*
            Microsoft.Sql/servers/databases/sensitivityLabels/*
            Microsoft.Sql/servers/databases/transparentDataEncryption/*
            Microsoft.Sql/servers/databases/vulnerabilityAssessments/*
            Microsoft.Sql/servers/databases/vulnerabilityAssessmentScans/*
            Microsoft.Sql/servers/databases/vulnerabilityAssessmentSettings/*
            Microsoft.Sql/servers/firewallRules/*
            Microsoft.Sql/servers/read
            Microsoft.Sql/servers/securityAlertPolicies/*
            Microsoft.Sql/servers/vulnerabilityAssessments/*
            Microsoft.Support/*
            Microsoft.Sql/servers/azureADOnlyAuthentications/*
            Microsoft.Sql/managedInstances/read
            Microsoft.Sql/managedInstances/azureADOnlyAuthentications/*
            Microsoft.Security/sqlVulnerabilityAssessments/*
        ",
        not_actions: "",
        data_actions: "",
    },
];
