export interface paths {
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process answers
         * @description Needs no token. With that of the metrics each part says more of itself.
         */
        get: operations["IsAlive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether every part can serve requests
         * @description Needs no token. With that of the metrics each part says more of itself.
         */
        get: operations["IsReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the accounts that you may see
         * @description Roles: operator, owner, key-manager, viewer, auditor.
         *
         *     Over gRPC: `keyledger.v1.AccountService/ListAccounts`.
         */
        get: operations["ListAccounts"];
        put?: never;
        /**
         * Register an account
         * @description Roles: operator.
         *
         *     Over gRPC: `keyledger.v1.AccountService/RegisterAccount`.
         */
        post: operations["RegisterAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an account
         * @description Roles: operator, owner, key-manager, viewer, auditor.
         *
         *     Over gRPC: `keyledger.v1.AccountService/GetAccount`.
         */
        get: operations["GetAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Rename an account
         * @description Roles: operator, owner.
         *
         *     Over gRPC: `keyledger.v1.AccountService/UpdateAccount`.
         */
        patch: operations["UpdateAccount"];
        trace?: never;
    };
    "/v1/accounts/{accountId}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cut a whole customer off
         * @description Roles: operator.
         *
         *     Over gRPC: `keyledger.v1.AccountService/SuspendAccount`.
         */
        post: operations["SuspendAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a suspended customer in again
         * @description Roles: operator.
         *
         *     Over gRPC: `keyledger.v1.AccountService/ResumeAccount`.
         */
        post: operations["ResumeAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set the plan that decides about live keys
         * @description Roles: operator.
         *
         *     Over gRPC: `keyledger.v1.AccountService/SetPlan`.
         */
        put: operations["SetPlan"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/api-access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show whether API access is on, and for which addresses
         * @description Roles: operator, owner, key-manager, viewer, auditor.
         *
         *     Over gRPC: `keyledger.v1.ApiAccessService/GetApiAccess`.
         */
        get: operations["GetApiAccess"];
        put?: never;
        /**
         * Enable API access; issues the auth token and the private salt, open to all addresses
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.ApiAccessService/EnableApiAccess`.
         */
        post: operations["EnableApiAccess"];
        /**
         * Disable API access; token, salt and IP allow-list are deleted for good, also for a later enabling
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.ApiAccessService/DisableApiAccess`.
         */
        delete: operations["DisableApiAccess"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/api-access/auth-token/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the auth token at once
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.ApiAccessService/RefreshAuthToken`.
         */
        post: operations["RefreshAuthToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/api-access/auth-token/reveal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show the auth token again; each call is an audit entry
         * @description Roles: operator, owner.
         *
         *     Over gRPC: `keyledger.v1.ApiAccessService/RevealAuthToken`.
         */
        post: operations["RevealAuthToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/ip-allowlist": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Restrict the auth token, and no other credential, to these address blocks
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.ApiAccessService/SetIpAllowlist`.
         */
        put: operations["SetIpAllowlist"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List applications; the name of an application is its title
         * @description Roles: operator, owner, key-manager, viewer, auditor.
         *
         *     Over gRPC: `keyledger.v1.ApplicationService/ListApplications`.
         */
        get: operations["ListApplications"];
        put?: never;
        /**
         * Register an application, with its first key pair if asked
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.ApplicationService/RegisterApplication`.
         */
        post: operations["RegisterApplication"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/applications/{applicationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an application and the API endpoints connected to it
         * @description Roles: operator, owner, key-manager, viewer, auditor.
         *
         *     Over gRPC: `keyledger.v1.ApplicationService/GetApplication`.
         */
        get: operations["GetApplication"];
        put?: never;
        post?: never;
        /**
         * Delete an application that has no key pair left
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.ApplicationService/DeleteApplication`.
         */
        delete: operations["DeleteApplication"];
        options?: never;
        head?: never;
        /**
         * Change title or description
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.ApplicationService/UpdateApplication`.
         */
        patch: operations["UpdateApplication"];
        trace?: never;
    };
    "/v1/accounts/{accountId}/applications/{applicationId}/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Connect exactly these endpoints
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.ApplicationService/SetApplicationEndpoints`.
         */
        put: operations["SetApplicationEndpoints"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the catalogue of API endpoints, and the retired ones that an application has
         * @description Roles: any.
         *
         *     Over gRPC: `keyledger.v1.CatalogueService/GetApiEndpoints`.
         */
        get: operations["GetApiEndpoints"];
        /**
         * Replace the endpoint catalogue; one left out is retired
         * @description Roles: operator.
         *
         *     Over gRPC: `keyledger.v1.CatalogueService/ReplaceApiEndpoints`.
         */
        put: operations["ReplaceApiEndpoints"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List credentials; all filters that are given apply
         * @description Roles: operator, owner, key-manager, viewer, auditor.
         *
         *     Over gRPC: `keyledger.v1.CredentialService/ListCredentials`.
         */
        get: operations["ListCredentials"];
        put?: never;
        /**
         * Issue a credential; its secret is shown in this reply only
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.CredentialService/CreateCredential`.
         */
        post: operations["CreateCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/credentials/{credentialId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a credential, without its secret
         * @description Roles: operator, owner, key-manager, viewer, auditor.
         *
         *     Over gRPC: `keyledger.v1.CredentialService/GetCredential`.
         */
        get: operations["GetCredential"];
        put?: never;
        post?: never;
        /**
         * Delete a credential for good
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.CredentialService/DeleteCredential`.
         */
        delete: operations["DeleteCredential"];
        options?: never;
        head?: never;
        /**
         * Change description, scopes or expiry
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.CredentialService/UpdateCredential`.
         */
        patch: operations["UpdateCredential"];
        trace?: never;
    };
    "/v1/accounts/{accountId}/credentials/{credentialId}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm that the secret is saved; a repeat never shows it again
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.CredentialService/AcknowledgeSecret`.
         */
        post: operations["AcknowledgeSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/credentials/{credentialId}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a credential for a while
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.CredentialService/SuspendCredential`.
         */
        post: operations["SuspendCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/credentials/{credentialId}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a suspended credential work again
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.CredentialService/ResumeCredential`.
         */
        post: operations["ResumeCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/credentials/{credentialId}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a credential for good, at once
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.CredentialService/RevokeCredential`.
         */
        post: operations["RevokeCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/webhook-signer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Let another secret sign the webhooks of the account
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.CredentialService/SetWebhookSigner`.
         */
        put: operations["SetWebhookSigner"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/credentials/{credentialId}/removal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What deletion means, and the phrase that it asks for
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.CredentialService/GetRemoval`.
         */
        get: operations["GetRemoval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/credentials/{credentialId}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Issue a new secret; the old one stays valid for the overlap
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.CredentialService/RotateCredential`.
         */
        post: operations["RotateCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/credentials/{credentialId}/rotation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take the rotation back: the new secret dies, the old one stays
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.CredentialService/CancelRotation`.
         */
        delete: operations["CancelRotation"];
        options?: never;
        head?: never;
        /**
         * Let the overlap end earlier or later
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.CredentialService/ChangeRotation`.
         */
        patch: operations["ChangeRotation"];
        trace?: never;
    };
    "/v1/accounts/{accountId}/credentials/{credentialId}/rotation/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the overlap now: only the new secret works
         * @description Roles: operator, owner, key-manager.
         *
         *     Over gRPC: `keyledger.v1.CredentialService/FinishRotation`.
         */
        post: operations["FinishRotation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/webhook-endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhook endpoints; the name of a webhook endpoint is its url
         * @description Roles: operator, owner, key-manager, viewer, auditor.
         *
         *     Over gRPC: `keyledger.v1.WebhookService/ListEndpoints`.
         */
        get: operations["ListEndpoints"];
        put?: never;
        /**
         * Register where messages are sent to
         * @description Roles: operator, owner.
         *
         *     Over gRPC: `keyledger.v1.WebhookService/RegisterEndpoint`.
         */
        post: operations["RegisterEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/webhook-endpoints/{endpointId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a webhook endpoint
         * @description Roles: operator, owner, key-manager, viewer, auditor.
         *
         *     Over gRPC: `keyledger.v1.WebhookService/GetEndpoint`.
         */
        get: operations["GetEndpoint"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook endpoint: nothing more is sent to it
         * @description Roles: operator, owner.
         *
         *     Over gRPC: `keyledger.v1.WebhookService/DeleteEndpoint`.
         */
        delete: operations["DeleteEndpoint"];
        options?: never;
        head?: never;
        /**
         * Change a webhook endpoint, or enable or disable it
         * @description Roles: operator, owner.
         *
         *     Over gRPC: `keyledger.v1.WebhookService/UpdateEndpoint`.
         */
        patch: operations["UpdateEndpoint"];
        trace?: never;
    };
    "/v1/credential-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the policies that credentials follow, as data from which forms can be built
         * @description Roles: any.
         *
         *     Over gRPC: `keyledger.v1.CatalogueService/ListCredentialTypes`.
         */
        get: operations["ListCredentialTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/credentials/{credentialId}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the verdicts on a credential by day and code
         * @description Roles: operator, owner, key-manager, viewer, auditor.
         *
         *     Over gRPC: `keyledger.v1.CredentialService/GetCredentialUsage`.
         */
        get: operations["GetCredentialUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/position": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell where the last event of the log stands
         * @description Roles: any.
         *
         *     Over gRPC: `keyledger.v1.PositionService/GetPosition`.
         */
        get: operations["GetPosition"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/positions/{position}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell which verifiers know of what stands at a position, and since when
         * @description Roles: operator, owner, key-manager, viewer, auditor.
         *
         *     Over gRPC: `keyledger.v1.PositionService/GetReceipt`.
         */
        get: operations["GetReceipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what happened in the account, newest first; the request itself is recorded as `AuditTrailRead`
         * @description Roles: operator, owner, auditor.
         *
         *     Over gRPC: `keyledger.v1.AuditService/ListAuditEvents`.
         */
        get: operations["ListAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what happened anywhere, newest first; the request itself is recorded as `AuditTrailRead`
         * @description Roles: operator, auditor, with a token for all accounts (`"*"`).
         *
         *     Over gRPC: `keyledger.v1.AuditService/ListAuditEvents`.
         */
        get: operations["ListAuditEventsOfAllAccounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/webhooks/sign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign a webhook that you send yourself, as Standard Webhooks says
         * @description Roles: operator, owner, sender.
         *
         *     Over gRPC: `keyledger.v1.WebhookService/Sign`.
         */
        post: operations["Sign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/webhooks/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask whether a webhook was signed by a secret of the account that is valid now, and why not
         * @description Roles: operator, owner, sender.
         *
         *     Over gRPC: `keyledger.v1.WebhookService/VerifySignature`.
         */
        post: operations["VerifySignature"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/webhook-endpoints/{endpointId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a ping to a webhook endpoint
         * @description Roles: operator, owner.
         *
         *     Over gRPC: `keyledger.v1.WebhookService/TestEndpoint`.
         */
        post: operations["TestEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/webhook-endpoints/{endpointId}/recover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send again what has failed, or was held, since a time
         * @description Roles: operator, owner.
         *
         *     Over gRPC: `keyledger.v1.WebhookService/RecoverEndpoint`.
         */
        post: operations["RecoverEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/webhook-endpoints/{endpointId}/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the attempts to a webhook endpoint, and what waits for it
         * @description Roles: operator, owner, key-manager, viewer, auditor.
         *
         *     Over gRPC: `keyledger.v1.WebhookService/GetEndpointStatistics`.
         */
        get: operations["GetEndpointStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the messages of an account and their deliveries, newest first
         * @description Roles: operator, owner, key-manager, viewer, auditor, sender.
         *
         *     Over gRPC: `keyledger.v1.WebhookService/ListMessages`.
         */
        get: operations["ListMessages"];
        put?: never;
        /**
         * Send a message to the webhook endpoints of an account that ask for its type
         * @description Roles: operator, owner, sender.
         *
         *     Over gRPC: `keyledger.v1.WebhookService/SendMessage`.
         */
        post: operations["SendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/messages/{messageId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a message and its deliveries
         * @description Roles: operator, owner, key-manager, viewer, auditor, sender.
         *
         *     Over gRPC: `keyledger.v1.WebhookService/GetMessage`.
         */
        get: operations["GetMessage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/messages/{messageId}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the attempts to deliver a message, oldest first
         * @description Roles: operator, owner, key-manager, viewer, auditor, sender.
         *
         *     Over gRPC: `keyledger.v1.WebhookService/ListAttempts`.
         */
        get: operations["ListAttempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}/messages/{messageId}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message again, with the same id
         * @description Roles: operator, owner, sender.
         *
         *     Over gRPC: `keyledger.v1.WebhookService/ResendMessage`.
         */
        post: operations["ResendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * May this credential do this, now?
         * @description Roles: operator, verifier, owner, auditor.
         *
         *     A credential that may not be used is no error: the answer is 200 with its `code`. Operator and verifier ask for verdicts; `explain` is for operator, owner and auditor. The credentials of accounts that the token is not for are `NOT_FOUND`.
         *
         *     Over gRPC: `keyledger.v1.VerificationService/Verify`.
         */
        post: operations["Verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/verify/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for many verdicts at once
         * @description Roles: operator, verifier.
         *
         *     Each is asked and answered as by itself, in the same order. A credential that may not be used is no error: the answer is 200 with its `code`.
         *
         *     Over gRPC: `keyledger.v1.VerificationService/VerifyBatch`.
         */
        post: operations["VerifyBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/forward-auth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Let a request through a gateway, or refuse it
         * @description Roles: operator, verifier.
         *
         *     For `auth_request` of nginx, and what Traefik, Caddy and others have for it: the gateway asks before each request of its client, with the headers of that request. Any method but CONNECT will do, and neither a body nor a query is read. The gateway shows its token as `X-Keyledger-Token`, or is in KEYLEDGER_TRUSTED_GATEWAYS and needs none. The client's credential is exactly one of `X-Auth-Token`, `X-Api-Key`, `X-Shared-Key` with `X-Secret-Key`, `Authorization: Bearer`, and `Authorization: Basic` with `public:secret`. A credential that is no good is 401, one that is good but not for this is 403; what cannot be said now is 503 (`STALE`), and too many refusals are 429.
         */
        get: operations["ForwardAuth"];
        /**
         * Let a request through a gateway, or refuse it
         * @description Roles: operator, verifier.
         *
         *     For `auth_request` of nginx, and what Traefik, Caddy and others have for it: the gateway asks before each request of its client, with the headers of that request. Any method but CONNECT will do, and neither a body nor a query is read. The gateway shows its token as `X-Keyledger-Token`, or is in KEYLEDGER_TRUSTED_GATEWAYS and needs none. The client's credential is exactly one of `X-Auth-Token`, `X-Api-Key`, `X-Shared-Key` with `X-Secret-Key`, `Authorization: Bearer`, and `Authorization: Basic` with `public:secret`. A credential that is no good is 401, one that is good but not for this is 403; what cannot be said now is 503 (`STALE`), and too many refusals are 429.
         */
        put: operations["ForwardAuthPut"];
        /**
         * Let a request through a gateway, or refuse it
         * @description Roles: operator, verifier.
         *
         *     For `auth_request` of nginx, and what Traefik, Caddy and others have for it: the gateway asks before each request of its client, with the headers of that request. Any method but CONNECT will do, and neither a body nor a query is read. The gateway shows its token as `X-Keyledger-Token`, or is in KEYLEDGER_TRUSTED_GATEWAYS and needs none. The client's credential is exactly one of `X-Auth-Token`, `X-Api-Key`, `X-Shared-Key` with `X-Secret-Key`, `Authorization: Bearer`, and `Authorization: Basic` with `public:secret`. A credential that is no good is 401, one that is good but not for this is 403; what cannot be said now is 503 (`STALE`), and too many refusals are 429.
         */
        post: operations["ForwardAuthPost"];
        /**
         * Let a request through a gateway, or refuse it
         * @description Roles: operator, verifier.
         *
         *     For `auth_request` of nginx, and what Traefik, Caddy and others have for it: the gateway asks before each request of its client, with the headers of that request. Any method but CONNECT will do, and neither a body nor a query is read. The gateway shows its token as `X-Keyledger-Token`, or is in KEYLEDGER_TRUSTED_GATEWAYS and needs none. The client's credential is exactly one of `X-Auth-Token`, `X-Api-Key`, `X-Shared-Key` with `X-Secret-Key`, `Authorization: Bearer`, and `Authorization: Basic` with `public:secret`. A credential that is no good is 401, one that is good but not for this is 403; what cannot be said now is 503 (`STALE`), and too many refusals are 429.
         */
        delete: operations["ForwardAuthDelete"];
        /**
         * Let a request through a gateway, or refuse it
         * @description Roles: operator, verifier.
         *
         *     For `auth_request` of nginx, and what Traefik, Caddy and others have for it: the gateway asks before each request of its client, with the headers of that request. Any method but CONNECT will do, and neither a body nor a query is read. The gateway shows its token as `X-Keyledger-Token`, or is in KEYLEDGER_TRUSTED_GATEWAYS and needs none. The client's credential is exactly one of `X-Auth-Token`, `X-Api-Key`, `X-Shared-Key` with `X-Secret-Key`, `Authorization: Bearer`, and `Authorization: Basic` with `public:secret`. A credential that is no good is 401, one that is good but not for this is 403; what cannot be said now is 503 (`STALE`), and too many refusals are 429.
         */
        options: operations["ForwardAuthOptions"];
        /**
         * Let a request through a gateway, or refuse it
         * @description Roles: operator, verifier.
         *
         *     For `auth_request` of nginx, and what Traefik, Caddy and others have for it: the gateway asks before each request of its client, with the headers of that request. Any method but CONNECT will do, and neither a body nor a query is read. The gateway shows its token as `X-Keyledger-Token`, or is in KEYLEDGER_TRUSTED_GATEWAYS and needs none. The client's credential is exactly one of `X-Auth-Token`, `X-Api-Key`, `X-Shared-Key` with `X-Secret-Key`, `Authorization: Bearer`, and `Authorization: Basic` with `public:secret`. A credential that is no good is 401, one that is good but not for this is 403; what cannot be said now is 503 (`STALE`), and too many refusals are 429.
         */
        head: operations["ForwardAuthHead"];
        /**
         * Let a request through a gateway, or refuse it
         * @description Roles: operator, verifier.
         *
         *     For `auth_request` of nginx, and what Traefik, Caddy and others have for it: the gateway asks before each request of its client, with the headers of that request. Any method but CONNECT will do, and neither a body nor a query is read. The gateway shows its token as `X-Keyledger-Token`, or is in KEYLEDGER_TRUSTED_GATEWAYS and needs none. The client's credential is exactly one of `X-Auth-Token`, `X-Api-Key`, `X-Shared-Key` with `X-Secret-Key`, `Authorization: Bearer`, and `Authorization: Basic` with `public:secret`. A credential that is no good is 401, one that is good but not for this is 403; what cannot be said now is 503 (`STALE`), and too many refusals are 429.
         */
        patch: operations["ForwardAuthPatch"];
        /**
         * Let a request through a gateway, or refuse it
         * @description Roles: operator, verifier.
         *
         *     For `auth_request` of nginx, and what Traefik, Caddy and others have for it: the gateway asks before each request of its client, with the headers of that request. Any method but CONNECT will do, and neither a body nor a query is read. The gateway shows its token as `X-Keyledger-Token`, or is in KEYLEDGER_TRUSTED_GATEWAYS and needs none. The client's credential is exactly one of `X-Auth-Token`, `X-Api-Key`, `X-Shared-Key` with `X-Secret-Key`, `Authorization: Bearer`, and `Authorization: Basic` with `public:secret`. A credential that is no good is 401, one that is good but not for this is 403; what cannot be said now is 503 (`STALE`), and too many refusals are 429.
         */
        trace: operations["ForwardAuthTrace"];
    };
    "/oauth2/introspect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Introspect a credential as OAuth 2.0 does (RFC 7662)
         * @description Roles: operator, verifier.
         *
         *     A resource server shows its token as Bearer, as the password of Basic (any user name; percent-encoded), or as `X-Keyledger-Token`; from a network in KEYLEDGER_TRUSTED_GATEWAYS it needs none. Whatever is not valid is `{"active":false}` and nothing else; what cannot be said now is 503. No field may come twice.
         */
        post: operations["Introspect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sends events as they happen.
         * @description Roles: operator, owner, key-manager, viewer, auditor.
         *
         *     Server-Sent Events, of the accounts that the token is for. `id` is the position of an event, `data` the event as CloudEvents in JSON. An `id` without `data` says that all up to it was sent. Before the server ends the answer, as when the token ends, an event `end` tells why, with `code` and `detail` in its data.
         *
         *     Over gRPC: `keyledger.v1.EventService/Subscribe`.
         */
        get: operations["Subscribe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ProblemField: {
            field: string;
            message: string;
        };
        Problem: {
            /** @example urn:keyledger:problem:name-taken */
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: "malformed-request" | "unauthenticated" | "forbidden" | "not-found" | "method-not-allowed" | "name-taken" | "external-id-taken" | "limit-reached" | "plan-does-not-allow" | "not-supported-by-type" | "webhook-signer-in-use" | "may-not-sign" | "no-webhook-signer" | "api-access-already-enabled" | "api-access-disabled" | "webhook-endpoint-disabled" | "account-suspended" | "application-in-use" | "credential-revoked" | "credential-expired" | "credential-still-valid" | "rotation-in-progress" | "no-rotation-in-progress" | "revision-mismatch" | "too-large" | "unsupported-media-type" | "invalid-request" | "unknown-credential-type" | "unknown-endpoint" | "confirmation-mismatch" | "idempotency-key-reused" | "position-of-another-log" | "too-busy" | "too-many-requests" | "internal" | "position-not-reached" | "outcome-unknown" | "log-unavailable" | "log-replaced" | "read-only" | "clock-skew" | "storage-full";
            errors: components["schemas"]["ProblemField"][];
            /** @description Of `external-id-taken`: the account that has the external id. */
            accountId?: string;
        };
        RegisterAccountInput: {
            /**
             * @description Shown to people.
             * @example Acme Ltd
             */
            name: string;
            /** @description Your own id of the customer; unique, never changes. */
            externalId?: string | null;
        };
        Plan: {
            /** @enum {string} */
            tier: "free" | "paid";
            paymentMethodOnFile: boolean;
        };
        Account: {
            accountId: string;
            name: string;
            externalId: string | null;
            plan: components["schemas"]["Plan"];
            /** @enum {string} */
            status: "active" | "suspended";
            /** Format: date-time */
            createdAt: string;
            revision: number;
        };
        AccountReply: {
            /** @description Where the write stands in the log; give it as minPosition to read at least that. */
            position: string;
            account: components["schemas"]["Account"];
        };
        UpdateAccountInput: {
            name?: string;
        };
        VerifierPosition: {
            verifierId: string;
            /** @description The last one that it has reported. */
            position: string;
            /**
             * Format: date-time
             * @description Since when it has reported that one.
             */
            at: string;
            /** @description It is past the position in question, and never answers by what was before. */
            guaranteed: boolean;
        };
        AccountReplyWithReceipt: {
            /** @description Where the write stands in the log; give it as minPosition to read at least that. */
            position: string;
            account: components["schemas"]["Account"];
            /** @description Only with `?wait=verifiers`. */
            verifiers?: components["schemas"]["VerifierPosition"][];
        };
        SetPlanInput: {
            /** @enum {string} */
            tier: "free" | "paid";
            paymentMethodOnFile: boolean;
        };
        CredentialVersion: {
            version: number;
            /** @enum {string} */
            state: "current" | "overlap" | "ended";
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            validUntil: string | null;
            /**
             * Format: date-time
             * @description When a verdict on it was last VALID. May lag by some seconds; replies to writes leave it null.
             */
            lastUsedAt: string | null;
        };
        Credential: {
            credentialId: string;
            type: string;
            /** @enum {string} */
            status: "active" | "suspended" | "revoked" | "expired";
            name: string | null;
            description: string | null;
            /** @enum {string|null} */
            mode: "test" | "live" | null;
            /** @enum {string|null} */
            environment: "development" | "staging" | "production" | null;
            applicationId: string | null;
            scopes: string[];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string | null;
            /**
             * Format: date-time
             * @description When a verdict on it was last VALID. May lag by some seconds; replies to writes leave it null.
             */
            lastUsedAt: string | null;
            publicPart: string | null;
            maskedSecret: string;
            webhookSigner: boolean;
            versions: components["schemas"]["CredentialVersion"][];
            /** Format: date-time */
            rotationDueAt: string | null;
            revision: number;
        };
        EnableApiAccessReply: {
            /** @description Where the write stands in the log; give it as minPosition to read at least that. */
            position: string;
            credential: components["schemas"]["Credential"];
            authToken: string | null;
            /**
             * @description Why a repeated request no longer shows the secret.
             * @enum {string}
             */
            secretUnavailable?: "acknowledged" | "expired" | "ended";
            privateSalt: string | null;
        };
        PositionReplyWithReceipt: {
            /** @description Where the write stands in the log; give it as minPosition to read at least that. */
            position: string;
            /** @description Only with `?wait=verifiers`. */
            verifiers?: components["schemas"]["VerifierPosition"][];
        };
        AuthTokenReplyWithReceipt: {
            /** @description Where the write stands in the log; give it as minPosition to read at least that. */
            position: string;
            authToken: string | null;
            /**
             * @description Why a repeated request no longer shows the secret.
             * @enum {string}
             */
            secretUnavailable?: "acknowledged" | "expired" | "ended";
            /** @description Only with `?wait=verifiers`. */
            verifiers?: components["schemas"]["VerifierPosition"][];
        };
        AuthTokenReply: {
            /** @description Where the write stands in the log; give it as minPosition to read at least that. */
            position: string;
            authToken: string | null;
            /**
             * @description Why a repeated request no longer shows the secret.
             * @enum {string}
             */
            secretUnavailable?: "acknowledged" | "expired" | "ended";
        };
        SetIpAllowlistInput: {
            /** @description IPv4 and IPv6 blocks; none means no restriction. */
            cidrs: string[];
        };
        IpAllowlistReply: {
            /** @description Where the write stands in the log; give it as minPosition to read at least that. */
            position: string;
            cidrs: string[];
        };
        GenerateKeysInput: {
            /** @enum {string} */
            environment: "development" | "staging" | "production";
        };
        RegisterApplicationInput: {
            /** @example Partner portal */
            title: string;
            description?: string | null;
            /** @description Ids of GET /v1/api-endpoints. */
            endpointIds: string[];
            /** @description Issue the first key pair along with it. */
            generateKeys?: components["schemas"]["GenerateKeysInput"] | null;
        };
        ApiEndpoint: {
            endpointId: string;
            method: string;
            path: string;
            /** @enum {string} */
            status: "active" | "retired";
        };
        Application: {
            applicationId: string;
            title: string;
            description: string | null;
            endpoints: components["schemas"]["ApiEndpoint"][];
            /** Format: date-time */
            createdAt: string;
            revision: number;
        };
        RegisterApplicationReply: {
            /** @description Where the write stands in the log; give it as minPosition to read at least that. */
            position: string;
            application: components["schemas"]["Application"];
            /** @description The first key pair, where it was asked for; null in the answer to a repeat where it is deleted since. */
            credential?: components["schemas"]["Credential"] | null;
            /** @description By the field names of the type, such as clientId and clientSecret. Shown in this reply only. */
            secret?: {
                [key: string]: string | null;
            };
            /**
             * @description Why a repeated request no longer shows the secret.
             * @enum {string}
             */
            secretUnavailable?: "acknowledged" | "expired" | "ended";
        };
        UpdateApplicationInput: {
            title?: string;
            description?: string | null;
        };
        ApplicationReply: {
            /** @description Where the write stands in the log; give it as minPosition to read at least that. */
            position: string;
            application: components["schemas"]["Application"];
        };
        SetApplicationEndpointsInput: {
            /** @description Ids of GET /v1/api-endpoints. */
            endpointIds: string[];
        };
        PositionReply: {
            /** @description Where the write stands in the log; give it as minPosition to read at least that. */
            position: string;
        };
        ApiEndpointInput: {
            /** @example invoices.list */
            endpointId: string;
            /** @enum {string} */
            method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" | "ANY";
            /**
             * @description Kept percent-encoded where it must be and nowhere else. Without a query, backslashes, and segments that are empty or dots, or would be for some server. No two active ones have the same method and path.
             * @example /invoices/{id}
             */
            path: string;
            /**
             * @description A retired one counts as not listed.
             * @enum {string}
             */
            status?: "active" | "retired";
        };
        ReplaceApiEndpointsInput: {
            endpoints: components["schemas"]["ApiEndpointInput"][];
            /** @description As it was answered: what the catalogue must still have, as with `If-Match`. Null: no revision yet. */
            revision?: number | null;
        };
        ApiEndpointsReply: {
            /** @description Where the write stands in the log; give it as minPosition to read at least that. */
            position: string;
            endpoints: components["schemas"]["ApiEndpoint"][];
        };
        CreateCredentialInput: {
            /**
             * @description One of GET /v1/credential-types.
             * @example client_credentials
             */
            type: string;
            /**
             * @description Unique in the account for its type.
             * @example billing-service
             */
            name?: string | null;
            description?: string | null;
            /** @enum {string|null} */
            mode?: "test" | "live" | null;
            /** @enum {string|null} */
            environment?: "development" | "staging" | "production" | null;
            /** @example app_018f3c5e-7e9a-7cc1-8a55-2f0d7f1f4a10 */
            applicationId?: string | null;
            /** @description What the credential may be used for, in words of your API. */
            scopes?: string[];
            /**
             * Format: date-time
             * @description The credential stops working then, for good.
             * @example 2031-05-20T12:00:00Z
             */
            expiresAt?: string | null;
        };
        IssuedCredentialReply: {
            /** @description Where the write stands in the log; give it as minPosition to read at least that. */
            position: string;
            credential: components["schemas"]["Credential"];
            /** @description By the field names of the type, such as clientId and clientSecret. Shown in this reply only. */
            secret: {
                [key: string]: string | null;
            };
            /**
             * @description Why a repeated request no longer shows the secret.
             * @enum {string}
             */
            secretUnavailable?: "acknowledged" | "expired" | "ended";
        };
        UpdateCredentialInput: {
            description?: string | null;
            /** @description What the credential may be used for, in words of your API. */
            scopes?: string[] | null;
            /**
             * Format: date-time
             * @example 2031-05-20T12:00:00Z
             */
            expiresAt?: string | null;
        };
        CredentialReply: {
            /** @description Where the write stands in the log; give it as minPosition to read at least that. */
            position: string;
            credential: components["schemas"]["Credential"];
        };
        CredentialReplyWithReceipt: {
            /** @description Where the write stands in the log; give it as minPosition to read at least that. */
            position: string;
            credential: components["schemas"]["Credential"];
            /** @description Only with `?wait=verifiers`. */
            verifiers?: components["schemas"]["VerifierPosition"][];
        };
        RevokeCredentialInput: {
            reason?: string | null;
        };
        SetWebhookSignerInput: {
            /** @example cred_018f3c5e-7e9a-7cc1-8a55-2f0d7f1f4a10 */
            credentialId: string;
        };
        Removal: {
            phrase: string | null;
            /** Format: date-time */
            expiresAt: string | null;
            consequences: string[];
        };
        DeleteCredentialInput: {
            /** @description The phrase of GET …/removal, where the type asks for it. */
            confirmation?: string | null;
        };
        RotateCredentialInput: {
            /**
             * @description How long the old secret stays valid.
             * @default 0
             */
            overlapSeconds: number;
        };
        ChangeRotationInput: {
            /**
             * Format: date-time
             * @description New end of the overlap.
             * @example 2031-05-20T12:00:00Z
             */
            overlapEndsAt: string;
        };
        RegisterEndpointInput: {
            /**
             * @description An https URL of a host of the public internet, at port 443, 8443 or one that the installation allows, without user, password and fragment.
             * @example https://hooks.example.com/keyledger
             */
            url: string;
            description?: string | null;
            /** @description Types of the messages that it gets, exact or `prefix.*` for all that begin with `prefix.`. None: all. */
            types?: string[];
            /**
             * @description Signs with the webhook signer (Standard Webhooks), or as `mac` with the private salt of API access.
             * @enum {string}
             */
            scheme: "standard" | "mac";
            /** @description True unless given. */
            enabled?: boolean;
        };
        WebhookEndpoint: {
            endpointId: string;
            url: string;
            description: string | null;
            /** @description Types that it asks for, exact or `prefix.*`; none: all. */
            types: string[];
            /**
             * @description Whose secret signs what it gets: the webhook signer, or the private salt of API access.
             * @enum {string}
             */
            scheme: "standard" | "mac";
            enabled: boolean;
            /**
             * @description `requested` by an owner, `gone` (the receiver answered 410), or `failing` for too long.
             * @enum {string|null}
             */
            disabledReason: "requested" | "gone" | "failing" | null;
            /** Format: date-time */
            createdAt: string;
            revision: number;
        };
        WebhookEndpointReply: {
            /** @description Where the write stands in the log; give it as minPosition to read at least that. */
            position: string;
            webhookEndpoint: components["schemas"]["WebhookEndpoint"];
        };
        UpdateEndpointInput: {
            /**
             * @description An https URL of a host of the public internet, at port 443, 8443 or one that the installation allows, without user, password and fragment.
             * @example https://hooks.example.com/keyledger
             */
            url?: string;
            description?: string | null;
            /** @description Types of the messages that it gets, exact or `prefix.*` for all that begin with `prefix.`. None: all. */
            types?: string[];
            /**
             * @description Signs with the webhook signer (Standard Webhooks), or as `mac` with the private salt of API access.
             * @enum {string}
             */
            scheme?: "standard" | "mac";
            enabled?: boolean;
        };
        AccountPage: {
            /** @description For the next page; null on the last one. */
            nextCursor: string | null;
            items: components["schemas"]["Account"][];
        };
        ApiAccess: {
            enabled: boolean;
            credentialId: string | null;
            authTokenMasked: string | null;
            ipAllowlist: string[];
            /** Format: date-time */
            enabledAt: string | null;
            /** Format: date-time */
            authTokenRefreshedAt: string | null;
            revision: number;
        };
        ApplicationSummary: {
            applicationId: string;
            title: string;
            description: string | null;
            /** @description GET of one application shows the endpoints themselves. */
            endpointCount: number;
            /** Format: date-time */
            createdAt: string;
            revision: number;
        };
        ApplicationPage: {
            /** @description For the next page; null on the last one. */
            nextCursor: string | null;
            items: components["schemas"]["ApplicationSummary"][];
        };
        ApiEndpointCatalogue: {
            endpoints: components["schemas"]["ApiEndpoint"][];
            revision: number | null;
        };
        NameRule: {
            required: boolean;
            /** @description Regular expression that the whole name must match. */
            pattern: string | null;
            minLength: number;
            maxLength: number;
        };
        PublicPart: {
            field: string;
            prefix: string;
        };
        SecretPart: {
            field: string;
            prefix: string;
            /** @enum {string} */
            format: "token" | "webhook";
        };
        ModePrefixes: {
            test: string;
            live: string;
        };
        AllowedChanges: {
            suspend: boolean;
            revoke: boolean;
            rotate: boolean;
            /** @enum {string} */
            delete: "always" | "ended" | "phrase" | "never";
        };
        CredentialType: {
            type: string;
            title: string;
            name: components["schemas"]["NameRule"];
            /** @description Most undeleted ones in an account. */
            limit: number | null;
            publicPart: components["schemas"]["PublicPart"] | null;
            publicPartMasked: boolean;
            secretPart: components["schemas"]["SecretPart"];
            modes: components["schemas"]["ModePrefixes"] | null;
            belongsToApplication: boolean;
            allows: components["schemas"]["AllowedChanges"];
            maySign: boolean;
            retained: boolean;
            bindsIpAllowlist: boolean;
            bindsEndpoints: boolean;
            rotationAdviceDays: number | null;
            advice: string[];
            /** @enum {string} */
            issuedBy: "create" | "api-access";
            saltField: string | null;
        };
        CredentialTypes: {
            items: components["schemas"]["CredentialType"][];
        };
        CredentialPage: {
            /** @description For the next page; null on the last one. */
            nextCursor: string | null;
            items: components["schemas"]["Credential"][];
        };
        DayCount: {
            /**
             * Format: date
             * @description In UTC.
             */
            date: string;
            /** @description Of the verdict. */
            code: string;
            count: number;
        };
        CredentialUsage: {
            /** @description The oldest first. May lag by some seconds. */
            days: components["schemas"]["DayCount"][];
        };
        Receipt: {
            /** @description The one that was asked about. */
            position: string;
            verifiers: components["schemas"]["VerifierPosition"][];
        };
        WebhookEndpointPage: {
            /** @description For the next page; null on the last one. */
            nextCursor: string | null;
            items: components["schemas"]["WebhookEndpoint"][];
        };
        Actor: {
            /** @enum {string} */
            type: "user" | "service";
            id: string;
            /** @description Who issued its token; null in items from before this was noted. */
            issuer: string | null;
        };
        FieldChange: {
            /** @description Named as in the resources. */
            field: string;
            /** @description A JSON value of any kind; null where there was none. */
            from: unknown;
            /** @description A JSON value of any kind; null where there was none. */
            to: unknown;
        };
        AuditItem: {
            eventId: string;
            /** @enum {string} */
            action: "AccountRegistered" | "AccountChanged" | "AccountSuspended" | "AccountResumed" | "PlanChanged" | "ApiAccessEnabled" | "ApiAccessDisabled" | "IpAllowlistChanged" | "ApplicationRegistered" | "ApplicationChanged" | "ApplicationEndpointsChanged" | "ApplicationDeleted" | "CredentialCreated" | "CredentialChanged" | "CredentialRotated" | "AuthTokenRefreshed" | "RotationExtended" | "RotationFinished" | "RotationCancelled" | "CredentialSuspended" | "CredentialResumed" | "CredentialRevoked" | "CredentialDeleted" | "SecretAcknowledged" | "SecretRevealed" | "WebhookSecretAssigned" | "WebhookEndpointRegistered" | "WebhookEndpointChanged" | "WebhookEndpointDisabled" | "WebhookEndpointEnabled" | "WebhookEndpointDeleted" | "ApiEndpointsReplaced" | "AuditTrailRead";
            actor: components["schemas"]["Actor"];
            /** Format: date-time */
            at: string;
            ip: string | null;
            userAgent: string | null;
            accountId: string | null;
            /** @description Of a moved signer the new one; `changes` name the one before. */
            credentialId: string | null;
            /** @description Also of events of a key pair: the application that has it. */
            applicationId: string | null;
            changes: components["schemas"]["FieldChange"][];
            correlationId: string;
            position: string;
        };
        AuditPage: {
            /** @description For the next page; null on the last one. */
            nextCursor: string | null;
            items: components["schemas"]["AuditItem"][];
        };
        SignInput: {
            /**
             * @description The same for each attempt to send the webhook; a new one where it is left out.
             * @example msg_018f3c5e-7e9a-7cc1-8a55-2f0d7f1f4a10
             */
            messageId?: string;
            /** @description Seconds since 1970; now where it is left out. */
            timestamp?: number;
            /**
             * @description The body of the webhook, as it stands.
             * @example {"id":7}
             */
            payload: string;
            /** @description As the parameter of the query. */
            minPosition?: string;
        };
        SignedWebhook: {
            headers: {
                [key: string]: string;
            };
            position: string;
        };
        VerifySignatureInput: {
            /** @description The headers of the webhook by their names, in any case. Others are not looked at. */
            headers: {
                [key: string]: string;
            };
            /**
             * @description The body of the webhook, as it stands.
             * @example {"id":7}
             */
            payload: string;
            /** @description As the parameter of the query. */
            minPosition?: string;
        };
        WebhookSignatureVerdict: {
            valid: boolean;
            /** @description Of the secret that signed; null for `mac`. */
            version: number | null;
            credentialId: string | null;
            /** @enum {string|null} */
            scheme: "v1" | "mac" | null;
            /** @enum {string|null} */
            reason: "missing-header" | "malformed-header" | "timestamp-too-old" | "timestamp-too-new" | "no-known-scheme" | "no-matching-signature" | null;
            position: string;
        };
        MessageReply: {
            /** @description Where the write stands in the log; give it as minPosition to read at least that. */
            position: string;
            messageId: string;
        };
        RecoverEndpointInput: {
            /**
             * Format: date-time
             * @description Messages accepted at this time or later.
             * @example 2031-05-20T12:00:00Z
             */
            since: string;
        };
        RecoverReply: {
            /** @description Where the write stands in the log; give it as minPosition to read at least that. */
            position: string;
            /** @description How many deliveries are pending again. */
            recovered: number;
        };
        Backlog: {
            count: number;
            oldestAgeSeconds: number | null;
        };
        EndpointStatistics: {
            /** @description Attempts by day (UTC) and outcome, the oldest day first. */
            days: components["schemas"]["DayCount"][];
            /** Format: date-time */
            lastSuccessAt: string | null;
            /** Format: date-time */
            lastFailureAt: string | null;
            backlog: components["schemas"]["Backlog"];
        };
        SendMessageInput: {
            /**
             * @description What it is about.
             * @example order.paid
             */
            type: string;
            /** @description The body of the webhook: any JSON of up to 64 KiB, without a secret of a credential. */
            payload: unknown;
        };
        Delivery: {
            endpointId: string;
            /** @enum {string} */
            state: "pending" | "held" | "delivered" | "failed" | "cancelled";
            attempts: number;
            /** Format: date-time */
            nextAttemptAt: string | null;
            /** Format: date-time */
            lastAttemptAt: string | null;
            /** @description `delivered`, or why it was not. */
            lastOutcome: string | null;
            lastStatus: number | null;
        };
        MessageSummary: {
            messageId: string;
            type: string;
            /** @enum {string} */
            source: "sent" | "event" | "notice" | "ping";
            /** Format: date-time */
            createdAt: string;
            deliveries: components["schemas"]["Delivery"][];
        };
        MessagePage: {
            /** @description For the next page; null on the last one. */
            nextCursor: string | null;
            items: components["schemas"]["MessageSummary"][];
        };
        Message: {
            messageId: string;
            type: string;
            /** @enum {string} */
            source: "sent" | "event" | "notice" | "ping";
            /** Format: date-time */
            createdAt: string;
            deliveries: components["schemas"]["Delivery"][];
            /** @description The body of each delivery, as the text that it was sent as. */
            payload: string;
        };
        DeliveryAttempt: {
            endpointId: string;
            number: number;
            /** Format: date-time */
            at: string;
            durationMs: number;
            /** @description `delivered`, or why it was not. */
            outcome: string;
            /** @description Of the answer, where there was one. */
            status: number | null;
            /** @description Its first KiB. What looks like one of our secrets is masked. */
            answer: string;
        };
        AttemptPage: {
            /** @description For the next page; null on the last one. */
            nextCursor: string | null;
            items: components["schemas"]["DeliveryAttempt"][];
        };
        ResendMessageInput: {
            /**
             * @description Where to, if it went there or the endpoint asks for its type. Left out: all that it went to.
             * @example whe_018f3c5e-7e9a-7cc1-8a55-2f0d7f1f4a10
             */
            endpointId?: string;
        };
        CalledEndpoint: {
            /** @example GET */
            method: string;
            /**
             * @description A query is cut off.
             * @example /invoices
             */
            path: string;
        };
        /** @description Exactly one credential: `credential`, or one of the two pairs. Anything else is `MALFORMED`. */
        VerifyInput: {
            /** @description A secret, or a public part and its secret as `public:secret`. */
            credential?: string | null;
            /** @description With `clientSecret`. */
            clientId?: string | null;
            /** @description With `clientId`. */
            clientSecret?: string | null;
            /** @description With `secretKey`. */
            sharedKey?: string | null;
            /** @description With `sharedKey`. */
            secretKey?: string | null;
            /** @description Address of the end client. Without it, a credential that is bound to addresses is refused. */
            ip?: string | null;
            /** @description What is called: the id of an endpoint, or its method and path. Not checked where left out. */
            endpoint?: string | components["schemas"]["CalledEndpoint"] | null;
            /** @description All of them are needed. Not checked where left out. */
            scopes?: string[];
            /** @description Answer only by what is known at this position, or `STALE` after 2 seconds. */
            minPosition?: string | null;
            /** @description Tell every rule with its outcome, and count nothing. */
            explain?: boolean;
        };
        VerifyBatchInput: {
            /** @description Answered in this order. None of them may ask to `explain`. */
            items: components["schemas"]["VerifyInput"][];
        };
        IntrospectInput: {
            /** @description A secret, or a public part and its secret as `public:secret`. */
            token: string;
            /** @description Counts for nothing. */
            token_type_hint?: string;
            /** @description Address of the end client. */
            ip?: string;
            /** @description What it calls: the id of an endpoint, or `GET /path`. */
            endpoint?: string;
        } & {
            [key: string]: unknown;
        };
        ExplainedRule: {
            /** @enum {string} */
            rule: "MALFORMED" | "NOT_FOUND" | "API_DISABLED" | "REVOKED" | "SUSPENDED" | "EXPIRED" | "IP_NOT_ALLOWED" | "ENDPOINT_NOT_CONNECTED" | "INSUFFICIENT_SCOPE";
            /** @enum {string} */
            outcome: "passed" | "failed" | "not-checked";
            /** @description The event that decided it, where one did. */
            eventId: string | null;
        };
        Verdict: {
            /** @description True for `VALID` alone. */
            valid: boolean;
            /**
             * @description The first rule that is broken; `STALE` where too little of the log is known to say it, and in a batch also for an end client that is over its limit of failed verdicts: not now.
             * @enum {string}
             */
            code: "VALID" | "MALFORMED" | "NOT_FOUND" | "API_DISABLED" | "REVOKED" | "SUSPENDED" | "EXPIRED" | "IP_NOT_ALLOWED" | "ENDPOINT_NOT_CONNECTED" | "INSUFFICIENT_SCOPE" | "STALE";
            /** @description Null, like the other facts, where nobody may know whose it is. */
            accountId: string | null;
            applicationId: string | null;
            credentialId: string | null;
            /** @description Which secret was used, during a rotation. */
            version: number | null;
            /** @description Of the credential, such as `api_key`. */
            type: string | null;
            /** @enum {string|null} */
            mode: "test" | "live" | null;
            /** @enum {string|null} */
            environment: "development" | "staging" | "production" | null;
            /** @description All that the credential has. */
            scopes: string[];
            /** Format: date-time */
            expiresAt: string | null;
            /** @description How far the verifier has followed the log; null where it has not begun. */
            position: string | null;
            /** @description How old its knowledge may be, in milliseconds. */
            ageMs: number | null;
            /** @description With `explain`. */
            rules?: components["schemas"]["ExplainedRule"][];
        };
        VerdictBatch: {
            items: components["schemas"]["Verdict"][];
        };
        ForwardAuthReply: {
            /** @enum {string} */
            code: "VALID";
        };
        Introspection: {
            /** @description False for whatever is not valid; then nothing else is told. */
            active: boolean;
            /** @description Joined by spaces; left out where the credential has none. */
            scope?: string;
            /** @description Seconds since 1970; left out where it does not expire. */
            exp?: number;
            /** @description The id of the credential. */
            client_id?: string;
            /** @description The id of the account. */
            sub?: string;
            account_id?: string;
            application_id?: string;
            credential_id?: string;
            /** @description Which secret was used, during a rotation. */
            version?: number;
            type?: string;
            /** @enum {string} */
            mode?: "test" | "live";
            /** @enum {string} */
            environment?: "development" | "staging" | "production";
        };
        /** @description What `data` of each event holds: CloudEvents 1.0 in JSON. /asyncapi.json has the data of each type. */
        PublicEvent: {
            /**
             * @description Version of CloudEvents
             * @enum {string}
             */
            specversion: "1.0";
            /** @description The id of the event, as the audit trail has it; the same however often it is sent */
            id: string;
            /** @description `urn:keyledger:log:` and the id of the log */
            source: string;
            /** @description What happened, such as `keyledger.credential.revoked.v1` */
            type: string;
            /** @description The credential, the application, the webhook endpoint or the account that it is about */
            subject: string;
            /**
             * Format: date-time
             * @description When it was decided
             */
            time: string;
            /**
             * @description Form of the data
             * @enum {string}
             */
            datacontenttype: "application/json";
            /** @description `urn:keyledger:schema:` and the type: the `$id` of the schema of its data */
            dataschema: string;
            /** @description The account, whose events are in order */
            partitionkey: string;
            /** @description Its number among the events of the account: 16 digits, from 0, without a gap */
            sequence: string;
            /** @description Its place in the log: reads with `minPosition` of it show at least this event */
            position: string;
            data: {
                [key: string]: unknown;
            };
        };
    };
    responses: {
        /** @description Any other refusal. */
        AnyRefusal: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description - `malformed-request`: The request cannot be decoded */
        MalformedRequest: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description - `unauthenticated`: Authentication is required */
        Unauthenticated: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description - `forbidden`: This is not allowed */
        Forbidden: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description - `external-id-taken`: The external id is taken */
        ExternalIdTaken: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description - `too-large`: The request is too large */
        TooLarge: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description - `unsupported-media-type`: The media type is not supported */
        UnsupportedMediaType: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `invalid-request`: The request is invalid
         *     - `idempotency-key-reused`: The idempotency key belongs to another request
         */
        InvalidRequestOrIdempotencyKeyReused: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `too-many-requests`: Too many requests
         *     - `too-busy`: Too many requests are waiting
         */
        TooManyRequestsOrTooBusy: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description - `internal`: Something went wrong on our side */
        Internal: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `log-unavailable`: The log is unavailable
         *     - `log-replaced`: The log was replaced
         *     - `outcome-unknown`: The outcome is unknown
         *     - `read-only`: Writes are paused
         *     - `clock-skew`: The clock is behind the log
         *     - `storage-full`: The storage is full
         */
        LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `invalid-request`: The request is invalid
         *     - `position-of-another-log`: The position belongs to another log
         */
        InvalidRequestOrPositionOfAnotherLog: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description - `too-many-requests`: Too many requests */
        TooManyRequests: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `log-unavailable`: The log is unavailable
         *     - `log-replaced`: The log was replaced
         *     - `position-not-reached`: What is known is not fresh enough yet
         */
        LogUnavailableOrLogReplacedOrPositionNotReached: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description - `not-found`: There is no such resource */
        NotFound: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description - `account-suspended`: The account is suspended */
        AccountSuspended: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description - `revision-mismatch`: The resource has changed */
        RevisionMismatch: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description - `invalid-request`: The request is invalid */
        InvalidRequest: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `log-unavailable`: The log is unavailable
         *     - `log-replaced`: The log was replaced
         *     - `outcome-unknown`: The outcome is unknown
         *     - `read-only`: Writes are paused
         *     - `clock-skew`: The clock is behind the log
         *     - `storage-full`: The storage is full
         *     - `position-not-reached`: What is known is not fresh enough yet
         */
        LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFullOrPositionNotReached: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `api-access-already-enabled`: API access is enabled already
         *     - `limit-reached`: The account holds as many as it may
         *     - `account-suspended`: The account is suspended
         */
        ApiAccessAlreadyEnabledOrLimitReachedOrAccountSuspended: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `invalid-request`: The request is invalid
         *     - `idempotency-key-reused`: The idempotency key belongs to another request
         *     - `unknown-credential-type`: There is no such credential type
         */
        InvalidRequestOrIdempotencyKeyReusedOrUnknownCredentialType: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `api-access-disabled`: API access is disabled
         *     - `not-supported-by-type`: The credential type does not support this
         *     - `credential-revoked`: The credential is revoked
         *     - `credential-expired`: The credential is expired
         *     - `account-suspended`: The account is suspended
         */
        ApiAccessDisabledOrNotSupportedByTypeOrCredentialRevokedOrCredentialExpiredOrAccountSuspended: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `api-access-disabled`: API access is disabled
         *     - `not-supported-by-type`: The credential type does not support this
         *     - `account-suspended`: The account is suspended
         */
        ApiAccessDisabledOrNotSupportedByTypeOrAccountSuspended: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `api-access-disabled`: API access is disabled
         *     - `account-suspended`: The account is suspended
         */
        ApiAccessDisabledOrAccountSuspended: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `limit-reached`: The account holds as many as it may
         *     - `account-suspended`: The account is suspended
         */
        LimitReachedOrAccountSuspended: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `invalid-request`: The request is invalid
         *     - `idempotency-key-reused`: The idempotency key belongs to another request
         *     - `unknown-endpoint`: There is no such API endpoint
         */
        InvalidRequestOrIdempotencyKeyReusedOrUnknownEndpoint: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `application-in-use`: The application has key pairs
         *     - `account-suspended`: The account is suspended
         */
        ApplicationInUseOrAccountSuspended: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `invalid-request`: The request is invalid
         *     - `unknown-endpoint`: There is no such API endpoint
         */
        InvalidRequestOrUnknownEndpoint: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `name-taken`: The name is taken
         *     - `limit-reached`: The account holds as many as it may
         *     - `plan-does-not-allow`: The plan of the account does not allow this
         *     - `not-supported-by-type`: The credential type does not support this
         *     - `account-suspended`: The account is suspended
         */
        NameTakenOrLimitReachedOrPlanDoesNotAllowOrNotSupportedByTypeOrAccountSuspended: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `not-supported-by-type`: The credential type does not support this
         *     - `credential-revoked`: The credential is revoked
         *     - `credential-expired`: The credential is expired
         *     - `webhook-signer-in-use`: The credential signs the webhooks of the account
         *     - `account-suspended`: The account is suspended
         */
        NotSupportedByTypeOrCredentialRevokedOrCredentialExpiredOrWebhookSignerInUseOrAccountSuspended: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `not-supported-by-type`: The credential type does not support this
         *     - `webhook-signer-in-use`: The credential signs the webhooks of the account
         *     - `credential-still-valid`: The credential is neither revoked nor expired
         */
        NotSupportedByTypeOrWebhookSignerInUseOrCredentialStillValid: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `invalid-request`: The request is invalid
         *     - `confirmation-mismatch`: The confirmation does not match
         */
        InvalidRequestOrConfirmationMismatch: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `not-supported-by-type`: The credential type does not support this
         *     - `account-suspended`: The account is suspended
         */
        NotSupportedByTypeOrAccountSuspended: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `not-supported-by-type`: The credential type does not support this
         *     - `credential-revoked`: The credential is revoked
         *     - `credential-expired`: The credential is expired
         *     - `webhook-signer-in-use`: The credential signs the webhooks of the account
         */
        NotSupportedByTypeOrCredentialRevokedOrCredentialExpiredOrWebhookSignerInUse: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `not-supported-by-type`: The credential type does not support this
         *     - `credential-revoked`: The credential is revoked
         *     - `credential-expired`: The credential is expired
         *     - `account-suspended`: The account is suspended
         */
        NotSupportedByTypeOrCredentialRevokedOrCredentialExpiredOrAccountSuspended: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `not-supported-by-type`: The credential type does not support this
         *     - `webhook-signer-in-use`: The credential signs the webhooks of the account
         */
        NotSupportedByTypeOrWebhookSignerInUse: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `not-supported-by-type`: The credential type does not support this
         *     - `may-not-sign`: The credential may not sign webhooks
         *     - `account-suspended`: The account is suspended
         */
        NotSupportedByTypeOrMayNotSignOrAccountSuspended: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `webhook-signer-in-use`: The credential signs the webhooks of the account
         *     - `not-supported-by-type`: The credential type does not support this
         *     - `credential-still-valid`: The credential is neither revoked nor expired
         */
        WebhookSignerInUseOrNotSupportedByTypeOrCredentialStillValid: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `not-supported-by-type`: The credential type does not support this
         *     - `credential-revoked`: The credential is revoked
         *     - `credential-expired`: The credential is expired
         *     - `rotation-in-progress`: A rotation is in progress
         *     - `account-suspended`: The account is suspended
         */
        NotSupportedByTypeOrCredentialRevokedOrCredentialExpiredOrRotationInProgressOrAccountSuspended: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `not-supported-by-type`: The credential type does not support this
         *     - `credential-revoked`: The credential is revoked
         *     - `credential-expired`: The credential is expired
         *     - `no-rotation-in-progress`: No rotation is in progress
         *     - `account-suspended`: The account is suspended
         */
        NotSupportedByTypeOrCredentialRevokedOrCredentialExpiredOrNoRotationInProgressOrAccountSuspended: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `limit-reached`: The account holds as many as it may
         *     - `no-webhook-signer`: The account has no webhook signer
         *     - `api-access-disabled`: API access is disabled
         *     - `account-suspended`: The account is suspended
         */
        LimitReachedOrNoWebhookSignerOrApiAccessDisabledOrAccountSuspended: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `no-webhook-signer`: The account has no webhook signer
         *     - `api-access-disabled`: API access is disabled
         *     - `account-suspended`: The account is suspended
         */
        NoWebhookSignerOrApiAccessDisabledOrAccountSuspended: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `log-unavailable`: The log is unavailable
         *     - `log-replaced`: The log was replaced
         *     - `position-not-reached`: What is known is not fresh enough yet
         *     - `read-only`: Writes are paused
         *     - `storage-full`: The storage is full
         */
        LogUnavailableOrLogReplacedOrPositionNotReachedOrReadOnlyOrStorageFull: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `no-webhook-signer`: The account has no webhook signer
         *     - `account-suspended`: The account is suspended
         */
        NoWebhookSignerOrAccountSuspended: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `account-suspended`: The account is suspended
         *     - `webhook-endpoint-disabled`: The webhook endpoint is disabled
         */
        AccountSuspendedOrWebhookEndpointDisabled: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description - `log-unavailable`: The log is unavailable */
        LogUnavailable: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description - `unauthenticated`: Authentication is required */
        ForwardAuthUnauthenticated: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "X-Keyledger-Code": components["headers"]["X-Keyledger-Code"];
                "X-Keyledger-Account-Id": components["headers"]["X-Keyledger-Account-Id"];
                "X-Keyledger-Application-Id": components["headers"]["X-Keyledger-Application-Id"];
                "X-Keyledger-Credential-Id": components["headers"]["X-Keyledger-Credential-Id"];
                "X-Keyledger-Version": components["headers"]["X-Keyledger-Version"];
                "X-Keyledger-Type": components["headers"]["X-Keyledger-Type"];
                "X-Keyledger-Mode": components["headers"]["X-Keyledger-Mode"];
                "X-Keyledger-Environment": components["headers"]["X-Keyledger-Environment"];
                "X-Keyledger-Scopes": components["headers"]["X-Keyledger-Scopes"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description - `forbidden`: This is not allowed */
        ForwardAuthForbidden: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                "X-Keyledger-Code": components["headers"]["X-Keyledger-Code"];
                "X-Keyledger-Account-Id": components["headers"]["X-Keyledger-Account-Id"];
                "X-Keyledger-Application-Id": components["headers"]["X-Keyledger-Application-Id"];
                "X-Keyledger-Credential-Id": components["headers"]["X-Keyledger-Credential-Id"];
                "X-Keyledger-Version": components["headers"]["X-Keyledger-Version"];
                "X-Keyledger-Type": components["headers"]["X-Keyledger-Type"];
                "X-Keyledger-Mode": components["headers"]["X-Keyledger-Mode"];
                "X-Keyledger-Environment": components["headers"]["X-Keyledger-Environment"];
                "X-Keyledger-Scopes": components["headers"]["X-Keyledger-Scopes"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `log-unavailable`: The log is unavailable
         *     - `position-not-reached`: What is known is not fresh enough yet
         */
        ForwardAuthLogUnavailableOrPositionNotReached: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                "X-Keyledger-Code": components["headers"]["X-Keyledger-Code"];
                "X-Keyledger-Account-Id": components["headers"]["X-Keyledger-Account-Id"];
                "X-Keyledger-Application-Id": components["headers"]["X-Keyledger-Application-Id"];
                "X-Keyledger-Credential-Id": components["headers"]["X-Keyledger-Credential-Id"];
                "X-Keyledger-Version": components["headers"]["X-Keyledger-Version"];
                "X-Keyledger-Type": components["headers"]["X-Keyledger-Type"];
                "X-Keyledger-Mode": components["headers"]["X-Keyledger-Mode"];
                "X-Keyledger-Environment": components["headers"]["X-Keyledger-Environment"];
                "X-Keyledger-Scopes": components["headers"]["X-Keyledger-Scopes"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `log-unavailable`: The log is unavailable
         *     - `position-not-reached`: What is known is not fresh enough yet
         */
        LogUnavailableOrPositionNotReached: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `log-unavailable`: The log is unavailable
         *     - `log-replaced`: The log was replaced
         */
        LogUnavailableOrLogReplaced: {
            headers: {
                "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The one of the request, or a new one. */
        "X-Correlation-Id": string;
        /** @description Of the write, or the one at which the read was made. Give it as minPosition to read at least that. */
        "Keyledger-Position": string;
        /** @description Revision of the resource, for If-Match. */
        ETag: string;
        /** @description `true` where this answers a repeat of an earlier request with the same Idempotency-Key. */
        "Idempotent-Replayed": string;
        /** @description Seconds after which to try again. */
        "Retry-After": number;
        /** @description The limit that is used up, and the seconds until it is not. */
        RateLimit: string;
        /** @description What that limit allows in which time. */
        "RateLimit-Policy": string;
        /** @description How to authenticate (RFC 6750). */
        "WWW-Authenticate": string;
        /** @description The verdict. Left out where it does not apply or is not known. */
        "X-Keyledger-Code": string;
        /** @description Whose the credential is. Left out where it does not apply or is not known. */
        "X-Keyledger-Account-Id": string;
        /** @description The application that it belongs to. Left out where it does not apply or is not known. */
        "X-Keyledger-Application-Id": string;
        /** @description The credential. Left out where it does not apply or is not known. */
        "X-Keyledger-Credential-Id": string;
        /** @description Which secret was used, during a rotation. Left out where it does not apply or is not known. */
        "X-Keyledger-Version": string;
        /** @description Of the credential, such as `api_key`. Left out where it does not apply or is not known. */
        "X-Keyledger-Type": string;
        /** @description `test` or `live`. Left out where it does not apply or is not known. */
        "X-Keyledger-Mode": string;
        /** @description Of the key pair. Left out where it does not apply or is not known. */
        "X-Keyledger-Environment": string;
        /** @description All that the credential has, joined by spaces. Left out where it does not apply or is not known. */
        "X-Keyledger-Scopes": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    IsAlive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The Health Check is successful */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @example ok
                         * @enum {string}
                         */
                        status?: "ok" | "degraded";
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       }
                         *     }
                         */
                        info?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /** @example {} */
                        error?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       }
                         *     }
                         */
                        details?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
            /** @description The Health Check is not successful */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @example error
                         * @enum {string}
                         */
                        status?: "error" | "shutting_down";
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       }
                         *     }
                         */
                        info?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "redis": {
                         *         "status": "down",
                         *         "message": "Could not connect",
                         *         "responseTime": 3005
                         *       }
                         *     }
                         */
                        error?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       },
                         *       "redis": {
                         *         "status": "down",
                         *         "message": "Could not connect",
                         *         "responseTime": 3005
                         *       }
                         *     }
                         */
                        details?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
            default: components["responses"]["AnyRefusal"];
        };
    };
    IsReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The Health Check is successful */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @example ok
                         * @enum {string}
                         */
                        status?: "ok" | "degraded";
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       }
                         *     }
                         */
                        info?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /** @example {} */
                        error?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       }
                         *     }
                         */
                        details?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
            /** @description The Health Check is not successful */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @example error
                         * @enum {string}
                         */
                        status?: "error" | "shutting_down";
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       }
                         *     }
                         */
                        info?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "redis": {
                         *         "status": "down",
                         *         "message": "Could not connect",
                         *         "responseTime": 3005
                         *       }
                         *     }
                         */
                        error?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       },
                         *       "redis": {
                         *         "status": "down",
                         *         "message": "Could not connect",
                         *         "responseTime": 3005
                         *       }
                         *     }
                         */
                        details?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
            default: components["responses"]["AnyRefusal"];
        };
    };
    ListAccounts: {
        parameters: {
            query?: {
                /** @description Most items in a page. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters and sort. */
                cursor?: string;
                /** @description Only what has a name, public part or id that begins so. */
                q?: string;
                /** @description `-createdAt` unless given. Names sort in any case; what has no name comes last, either way. */
                sort?: "-createdAt" | "createdAt" | "name" | "-name";
                /** @description Your own id of the customer, exact: finds one account at most. */
                externalId?: string;
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountPage"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    RegisterAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat safe: for 24 hours it creates nothing more, and tells of what is there. */
                "Idempotency-Key"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterAccountInput"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["ExternalIdTaken"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequestOrIdempotencyKeyReused"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    GetAccount: {
        parameters: {
            query?: {
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    UpdateAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["UpdateAccountInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["AccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    SuspendAccount: {
        parameters: {
            query?: {
                /** @description Answers once every verifier knows of the write, at most 5 seconds later, and tells in `verifiers` which do. Over gRPC: `wait_for_verifiers`. */
                wait?: "verifiers";
            };
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountReplyWithReceipt"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFullOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ResumeAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    SetPlan: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetPlanInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["AccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    GetApiAccess: {
        parameters: {
            query?: {
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiAccess"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    EnableApiAccess: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat safe: for 24 hours it creates nothing more, and for ten minutes it shows the same secret. */
                "Idempotency-Key"?: string;
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnableApiAccessReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["ApiAccessAlreadyEnabledOrLimitReachedOrAccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequestOrIdempotencyKeyReusedOrUnknownCredentialType"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    DisableApiAccess: {
        parameters: {
            query?: {
                /** @description Answers once every verifier knows of the write, at most 5 seconds later, and tells in `verifiers` which do. Over gRPC: `wait_for_verifiers`. */
                wait?: "verifiers";
            };
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PositionReplyWithReceipt"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFullOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    RefreshAuthToken: {
        parameters: {
            query?: {
                /** @description Answers once every verifier knows of the write, at most 5 seconds later, and tells in `verifiers` which do. Over gRPC: `wait_for_verifiers`. */
                wait?: "verifiers";
            };
            header?: {
                /** @description Makes a repeat safe: for 24 hours it creates nothing more, and for ten minutes it shows the same secret. */
                "Idempotency-Key"?: string;
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuthTokenReplyWithReceipt"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["ApiAccessDisabledOrNotSupportedByTypeOrCredentialRevokedOrCredentialExpiredOrAccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequestOrIdempotencyKeyReused"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFullOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    RevealAuthToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuthTokenReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["ApiAccessDisabledOrNotSupportedByTypeOrAccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    SetIpAllowlist: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetIpAllowlistInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IpAllowlistReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["ApiAccessDisabledOrAccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ListApplications: {
        parameters: {
            query?: {
                /** @description Most items in a page. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters and sort. */
                cursor?: string;
                /** @description Only what has a name, public part or id that begins so. */
                q?: string;
                /** @description `-createdAt` unless given. Names sort in any case; what has no name comes last, either way. */
                sort?: "-createdAt" | "createdAt" | "name" | "-name";
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationPage"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    RegisterApplication: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat safe: for 24 hours it creates nothing more, and tells of what is there. */
                "Idempotency-Key"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterApplicationInput"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisterApplicationReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LimitReachedOrAccountSuspended"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequestOrIdempotencyKeyReusedOrUnknownEndpoint"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    GetApplication: {
        parameters: {
            query?: {
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Application"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    DeleteApplication: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PositionReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["ApplicationInUseOrAccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    UpdateApplication: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["UpdateApplicationInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["AccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    SetApplicationEndpoints: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetApplicationEndpointsInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["AccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequestOrUnknownEndpoint"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    GetApiEndpoints: {
        parameters: {
            query?: {
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiEndpointCatalogue"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ReplaceApiEndpoints: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplaceApiEndpointsInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiEndpointsReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ListCredentials: {
        parameters: {
            query?: {
                /** @description Most items in a page. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters and sort. */
                cursor?: string;
                /** @description Only what has a name, public part or id that begins so. */
                q?: string;
                /** @description `-createdAt` unless given. Names sort in any case; what has no name comes last, either way. */
                sort?: "-createdAt" | "createdAt" | "name" | "-name";
                /** @description One of GET /v1/credential-types. */
                type?: string;
                status?: "active" | "suspended" | "revoked" | "expired";
                mode?: "test" | "live";
                environment?: "development" | "staging" | "production";
                applicationId?: string;
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialPage"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    CreateCredential: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat safe: for 24 hours it creates nothing more, and for ten minutes it shows the same secret. */
                "Idempotency-Key"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateCredentialInput"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedCredentialReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NameTakenOrLimitReachedOrPlanDoesNotAllowOrNotSupportedByTypeOrAccountSuspended"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequestOrIdempotencyKeyReusedOrUnknownCredentialType"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    GetCredential: {
        parameters: {
            query?: {
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                credentialId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Credential"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    DeleteCredential: {
        parameters: {
            query?: {
                /** @description The phrase of GET …/removal, where the type asks for it. */
                confirmation?: string | null;
                /** @description Answers once every verifier knows of the write, at most 5 seconds later, and tells in `verifiers` which do. Over gRPC: `wait_for_verifiers`. */
                wait?: "verifiers";
            };
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                credentialId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DeleteCredentialInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PositionReplyWithReceipt"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotSupportedByTypeOrWebhookSignerInUseOrCredentialStillValid"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequestOrConfirmationMismatch"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFullOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    UpdateCredential: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                credentialId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["UpdateCredentialInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotSupportedByTypeOrCredentialRevokedOrCredentialExpiredOrWebhookSignerInUseOrAccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    AcknowledgeSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                credentialId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotSupportedByTypeOrAccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    SuspendCredential: {
        parameters: {
            query?: {
                /** @description Answers once every verifier knows of the write, at most 5 seconds later, and tells in `verifiers` which do. Over gRPC: `wait_for_verifiers`. */
                wait?: "verifiers";
            };
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                credentialId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialReplyWithReceipt"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotSupportedByTypeOrCredentialRevokedOrCredentialExpiredOrWebhookSignerInUse"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFullOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ResumeCredential: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                credentialId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotSupportedByTypeOrCredentialRevokedOrCredentialExpiredOrAccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    RevokeCredential: {
        parameters: {
            query?: {
                /** @description Answers once every verifier knows of the write, at most 5 seconds later, and tells in `verifiers` which do. Over gRPC: `wait_for_verifiers`. */
                wait?: "verifiers";
            };
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                credentialId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RevokeCredentialInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialReplyWithReceipt"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotSupportedByTypeOrWebhookSignerInUse"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFullOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    SetWebhookSigner: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetWebhookSignerInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotSupportedByTypeOrMayNotSignOrAccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    GetRemoval: {
        parameters: {
            query?: {
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                credentialId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Removal"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["WebhookSignerInUseOrNotSupportedByTypeOrCredentialStillValid"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    RotateCredential: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat safe: for 24 hours it creates nothing more, and for ten minutes it shows the same secret. */
                "Idempotency-Key"?: string;
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                credentialId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RotateCredentialInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedCredentialReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotSupportedByTypeOrCredentialRevokedOrCredentialExpiredOrRotationInProgressOrAccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequestOrIdempotencyKeyReused"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    CancelRotation: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                credentialId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PositionReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotSupportedByTypeOrCredentialRevokedOrCredentialExpiredOrNoRotationInProgressOrAccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ChangeRotation: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                credentialId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeRotationInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotSupportedByTypeOrCredentialRevokedOrCredentialExpiredOrNoRotationInProgressOrAccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    FinishRotation: {
        parameters: {
            query?: {
                /** @description Answers once every verifier knows of the write, at most 5 seconds later, and tells in `verifiers` which do. Over gRPC: `wait_for_verifiers`. */
                wait?: "verifiers";
            };
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                credentialId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialReplyWithReceipt"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NotSupportedByTypeOrCredentialRevokedOrCredentialExpiredOrNoRotationInProgressOrAccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFullOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ListEndpoints: {
        parameters: {
            query?: {
                /** @description Most items in a page. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters and sort. */
                cursor?: string;
                /** @description Only what has a name, public part or id that begins so. */
                q?: string;
                /** @description `-createdAt` unless given. Names sort in any case; what has no name comes last, either way. */
                sort?: "-createdAt" | "createdAt" | "name" | "-name";
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointPage"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    RegisterEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat safe: for 24 hours it creates nothing more, and tells of what is there. */
                "Idempotency-Key"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterEndpointInput"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LimitReachedOrNoWebhookSignerOrApiAccessDisabledOrAccountSuspended"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequestOrIdempotencyKeyReused"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    GetEndpoint: {
        parameters: {
            query?: {
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    DeleteEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PositionReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    UpdateEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag that the resource must still have. */
                "If-Match"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["UpdateEndpointInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NoWebhookSignerOrApiAccessDisabledOrAccountSuspended"];
            412: components["responses"]["RevisionMismatch"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ListCredentialTypes: {
        parameters: {
            query?: {
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialTypes"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    GetCredentialUsage: {
        parameters: {
            query?: {
                /** @description The last days in UTC, today included. */
                days?: number;
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                credentialId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialUsage"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    GetPosition: {
        parameters: {
            query?: {
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PositionReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    GetReceipt: {
        parameters: {
            query?: {
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                position: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ListAuditEvents: {
        parameters: {
            query?: {
                /** @description Most items in a page. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters and sort. */
                cursor?: string;
                /** @description Id of the actor, exact. */
                actor?: string;
                /** @description Types of events; give it once for each. `AuditTrailRead` is shown only where it is named here; all others are shown unless others are named. */
                action?: ("AccountRegistered" | "AccountChanged" | "AccountSuspended" | "AccountResumed" | "PlanChanged" | "ApiAccessEnabled" | "ApiAccessDisabled" | "IpAllowlistChanged" | "ApplicationRegistered" | "ApplicationChanged" | "ApplicationEndpointsChanged" | "ApplicationDeleted" | "CredentialCreated" | "CredentialChanged" | "CredentialRotated" | "AuthTokenRefreshed" | "RotationExtended" | "RotationFinished" | "RotationCancelled" | "CredentialSuspended" | "CredentialResumed" | "CredentialRevoked" | "CredentialDeleted" | "SecretAcknowledged" | "SecretRevealed" | "WebhookSecretAssigned" | "WebhookEndpointRegistered" | "WebhookEndpointChanged" | "WebhookEndpointDisabled" | "WebhookEndpointEnabled" | "WebhookEndpointDeleted" | "ApiEndpointsReplaced" | "AuditTrailRead")[];
                /** @description Types of events to leave out, even where `action` names them; give it once for each. */
                excludeAction?: ("AccountRegistered" | "AccountChanged" | "AccountSuspended" | "AccountResumed" | "PlanChanged" | "ApiAccessEnabled" | "ApiAccessDisabled" | "IpAllowlistChanged" | "ApplicationRegistered" | "ApplicationChanged" | "ApplicationEndpointsChanged" | "ApplicationDeleted" | "CredentialCreated" | "CredentialChanged" | "CredentialRotated" | "AuthTokenRefreshed" | "RotationExtended" | "RotationFinished" | "RotationCancelled" | "CredentialSuspended" | "CredentialResumed" | "CredentialRevoked" | "CredentialDeleted" | "SecretAcknowledged" | "SecretRevealed" | "WebhookSecretAssigned" | "WebhookEndpointRegistered" | "WebhookEndpointChanged" | "WebhookEndpointDisabled" | "WebhookEndpointEnabled" | "WebhookEndpointDeleted" | "ApiEndpointsReplaced" | "AuditTrailRead")[];
                /** @description What happened to this credential; that it stopped signing too. */
                credentialId?: string;
                /** @description What happened to this application and to its key pairs. */
                applicationId?: string;
                /** @description Items at this time or later. */
                from?: string;
                /** @description Items before this time. */
                to?: string;
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReachedOrReadOnlyOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ListAuditEventsOfAllAccounts: {
        parameters: {
            query?: {
                /** @description Most items in a page. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters and sort. */
                cursor?: string;
                /** @description Id of the actor, exact. */
                actor?: string;
                /** @description Types of events; give it once for each. `AuditTrailRead` is shown only where it is named here; all others are shown unless others are named. */
                action?: ("AccountRegistered" | "AccountChanged" | "AccountSuspended" | "AccountResumed" | "PlanChanged" | "ApiAccessEnabled" | "ApiAccessDisabled" | "IpAllowlistChanged" | "ApplicationRegistered" | "ApplicationChanged" | "ApplicationEndpointsChanged" | "ApplicationDeleted" | "CredentialCreated" | "CredentialChanged" | "CredentialRotated" | "AuthTokenRefreshed" | "RotationExtended" | "RotationFinished" | "RotationCancelled" | "CredentialSuspended" | "CredentialResumed" | "CredentialRevoked" | "CredentialDeleted" | "SecretAcknowledged" | "SecretRevealed" | "WebhookSecretAssigned" | "WebhookEndpointRegistered" | "WebhookEndpointChanged" | "WebhookEndpointDisabled" | "WebhookEndpointEnabled" | "WebhookEndpointDeleted" | "ApiEndpointsReplaced" | "AuditTrailRead")[];
                /** @description Types of events to leave out, even where `action` names them; give it once for each. */
                excludeAction?: ("AccountRegistered" | "AccountChanged" | "AccountSuspended" | "AccountResumed" | "PlanChanged" | "ApiAccessEnabled" | "ApiAccessDisabled" | "IpAllowlistChanged" | "ApplicationRegistered" | "ApplicationChanged" | "ApplicationEndpointsChanged" | "ApplicationDeleted" | "CredentialCreated" | "CredentialChanged" | "CredentialRotated" | "AuthTokenRefreshed" | "RotationExtended" | "RotationFinished" | "RotationCancelled" | "CredentialSuspended" | "CredentialResumed" | "CredentialRevoked" | "CredentialDeleted" | "SecretAcknowledged" | "SecretRevealed" | "WebhookSecretAssigned" | "WebhookEndpointRegistered" | "WebhookEndpointChanged" | "WebhookEndpointDisabled" | "WebhookEndpointEnabled" | "WebhookEndpointDeleted" | "ApiEndpointsReplaced" | "AuditTrailRead")[];
                /** @description What happened to this credential; that it stopped signing too. */
                credentialId?: string;
                /** @description What happened to this application and to its key pairs. */
                applicationId?: string;
                /** @description Items at this time or later. */
                from?: string;
                /** @description Items before this time. */
                to?: string;
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReachedOrReadOnlyOrStorageFull"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    Sign: {
        parameters: {
            query?: {
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedWebhook"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NoWebhookSignerOrAccountSuspended"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    VerifySignature: {
        parameters: {
            query?: {
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifySignatureInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSignatureVerdict"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NoWebhookSignerOrAccountSuspended"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    TestEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["AccountSuspended"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFullOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    RecoverEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecoverEndpointInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoverReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["AccountSuspendedOrWebhookEndpointDisabled"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFullOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    GetEndpointStatistics: {
        parameters: {
            query?: {
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointStatistics"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ListMessages: {
        parameters: {
            query?: {
                /** @description Most items in a page. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters and sort. */
                cursor?: string;
                /** @description Messages of this type, exact. */
                type?: string;
                /** @description Messages to this endpoint. */
                endpointId?: string;
                /** @description Messages with a delivery in this state. */
                state?: "pending" | "held" | "delivered" | "failed" | "cancelled";
                /** @description Messages accepted at this time or later. */
                from?: string;
                /** @description Messages accepted before this time. */
                to?: string;
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePage"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    SendMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat safe: for 24 hours it creates nothing more, and tells of what is there. */
                "Idempotency-Key"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendMessageInput"];
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["AccountSuspended"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequestOrIdempotencyKeyReused"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFullOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    GetMessage: {
        parameters: {
            query?: {
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ListAttempts: {
        parameters: {
            query?: {
                /** @description Most items in a page. */
                limit?: number;
                /** @description `nextCursor` of the page before, with the same filters and sort. */
                cursor?: string;
                /** @description Answer only from a state at least as fresh as this position. */
                minPosition?: string;
            };
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttemptPage"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ResendMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                accountId: string;
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ResendMessageInput"];
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    "Keyledger-Position": components["headers"]["Keyledger-Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["AccountSuspended"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplacedOrOutcomeUnknownOrReadOnlyOrClockSkewOrStorageFullOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    Verify: {
        parameters: {
            query?: never;
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    /** @description How far the verifier has followed the log. Left out where it has not begun. */
                    "Keyledger-Position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verdict"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailable"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    VerifyBatch: {
        parameters: {
            query?: never;
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyBatchInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    /** @description How far the verifier has followed the log. Left out where it has not begun. */
                    "Keyledger-Position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerdictBatch"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailable"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ForwardAuth: {
        parameters: {
            query?: never;
            header?: {
                /** @description Credential of the client: the token of an account. */
                "X-Auth-Token"?: string;
                /** @description Credential of the client: an API key. */
                "X-Api-Key"?: string;
                /** @description Credential of the client: the shared key of a pair. */
                "X-Shared-Key"?: string;
                /** @description The secret key of the same pair. */
                "X-Secret-Key"?: string;
                /** @description Method of the request of the client. */
                "X-Forwarded-Method"?: string;
                /** @description Its path and query. Which endpoint is called is not checked where this is left out. */
                "X-Forwarded-Uri"?: string;
                /** @description Address of the client: the last one that is no proxy in KEYLEDGER_TRUSTED_PROXIES. */
                "X-Forwarded-For"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    /** @description How far the verifier has followed the log. Left out where it has not begun. */
                    "Keyledger-Position"?: string;
                    "X-Keyledger-Code": components["headers"]["X-Keyledger-Code"];
                    "X-Keyledger-Account-Id": components["headers"]["X-Keyledger-Account-Id"];
                    "X-Keyledger-Application-Id": components["headers"]["X-Keyledger-Application-Id"];
                    "X-Keyledger-Credential-Id": components["headers"]["X-Keyledger-Credential-Id"];
                    "X-Keyledger-Version": components["headers"]["X-Keyledger-Version"];
                    "X-Keyledger-Type": components["headers"]["X-Keyledger-Type"];
                    "X-Keyledger-Mode": components["headers"]["X-Keyledger-Mode"];
                    "X-Keyledger-Environment": components["headers"]["X-Keyledger-Environment"];
                    "X-Keyledger-Scopes": components["headers"]["X-Keyledger-Scopes"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForwardAuthReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["ForwardAuthUnauthenticated"];
            403: components["responses"]["ForwardAuthForbidden"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["ForwardAuthLogUnavailableOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ForwardAuthPut: {
        parameters: {
            query?: never;
            header?: {
                /** @description Credential of the client: the token of an account. */
                "X-Auth-Token"?: string;
                /** @description Credential of the client: an API key. */
                "X-Api-Key"?: string;
                /** @description Credential of the client: the shared key of a pair. */
                "X-Shared-Key"?: string;
                /** @description The secret key of the same pair. */
                "X-Secret-Key"?: string;
                /** @description Method of the request of the client. */
                "X-Forwarded-Method"?: string;
                /** @description Its path and query. Which endpoint is called is not checked where this is left out. */
                "X-Forwarded-Uri"?: string;
                /** @description Address of the client: the last one that is no proxy in KEYLEDGER_TRUSTED_PROXIES. */
                "X-Forwarded-For"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    /** @description How far the verifier has followed the log. Left out where it has not begun. */
                    "Keyledger-Position"?: string;
                    "X-Keyledger-Code": components["headers"]["X-Keyledger-Code"];
                    "X-Keyledger-Account-Id": components["headers"]["X-Keyledger-Account-Id"];
                    "X-Keyledger-Application-Id": components["headers"]["X-Keyledger-Application-Id"];
                    "X-Keyledger-Credential-Id": components["headers"]["X-Keyledger-Credential-Id"];
                    "X-Keyledger-Version": components["headers"]["X-Keyledger-Version"];
                    "X-Keyledger-Type": components["headers"]["X-Keyledger-Type"];
                    "X-Keyledger-Mode": components["headers"]["X-Keyledger-Mode"];
                    "X-Keyledger-Environment": components["headers"]["X-Keyledger-Environment"];
                    "X-Keyledger-Scopes": components["headers"]["X-Keyledger-Scopes"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForwardAuthReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["ForwardAuthUnauthenticated"];
            403: components["responses"]["ForwardAuthForbidden"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["ForwardAuthLogUnavailableOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ForwardAuthPost: {
        parameters: {
            query?: never;
            header?: {
                /** @description Credential of the client: the token of an account. */
                "X-Auth-Token"?: string;
                /** @description Credential of the client: an API key. */
                "X-Api-Key"?: string;
                /** @description Credential of the client: the shared key of a pair. */
                "X-Shared-Key"?: string;
                /** @description The secret key of the same pair. */
                "X-Secret-Key"?: string;
                /** @description Method of the request of the client. */
                "X-Forwarded-Method"?: string;
                /** @description Its path and query. Which endpoint is called is not checked where this is left out. */
                "X-Forwarded-Uri"?: string;
                /** @description Address of the client: the last one that is no proxy in KEYLEDGER_TRUSTED_PROXIES. */
                "X-Forwarded-For"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    /** @description How far the verifier has followed the log. Left out where it has not begun. */
                    "Keyledger-Position"?: string;
                    "X-Keyledger-Code": components["headers"]["X-Keyledger-Code"];
                    "X-Keyledger-Account-Id": components["headers"]["X-Keyledger-Account-Id"];
                    "X-Keyledger-Application-Id": components["headers"]["X-Keyledger-Application-Id"];
                    "X-Keyledger-Credential-Id": components["headers"]["X-Keyledger-Credential-Id"];
                    "X-Keyledger-Version": components["headers"]["X-Keyledger-Version"];
                    "X-Keyledger-Type": components["headers"]["X-Keyledger-Type"];
                    "X-Keyledger-Mode": components["headers"]["X-Keyledger-Mode"];
                    "X-Keyledger-Environment": components["headers"]["X-Keyledger-Environment"];
                    "X-Keyledger-Scopes": components["headers"]["X-Keyledger-Scopes"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForwardAuthReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["ForwardAuthUnauthenticated"];
            403: components["responses"]["ForwardAuthForbidden"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["ForwardAuthLogUnavailableOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ForwardAuthDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Credential of the client: the token of an account. */
                "X-Auth-Token"?: string;
                /** @description Credential of the client: an API key. */
                "X-Api-Key"?: string;
                /** @description Credential of the client: the shared key of a pair. */
                "X-Shared-Key"?: string;
                /** @description The secret key of the same pair. */
                "X-Secret-Key"?: string;
                /** @description Method of the request of the client. */
                "X-Forwarded-Method"?: string;
                /** @description Its path and query. Which endpoint is called is not checked where this is left out. */
                "X-Forwarded-Uri"?: string;
                /** @description Address of the client: the last one that is no proxy in KEYLEDGER_TRUSTED_PROXIES. */
                "X-Forwarded-For"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    /** @description How far the verifier has followed the log. Left out where it has not begun. */
                    "Keyledger-Position"?: string;
                    "X-Keyledger-Code": components["headers"]["X-Keyledger-Code"];
                    "X-Keyledger-Account-Id": components["headers"]["X-Keyledger-Account-Id"];
                    "X-Keyledger-Application-Id": components["headers"]["X-Keyledger-Application-Id"];
                    "X-Keyledger-Credential-Id": components["headers"]["X-Keyledger-Credential-Id"];
                    "X-Keyledger-Version": components["headers"]["X-Keyledger-Version"];
                    "X-Keyledger-Type": components["headers"]["X-Keyledger-Type"];
                    "X-Keyledger-Mode": components["headers"]["X-Keyledger-Mode"];
                    "X-Keyledger-Environment": components["headers"]["X-Keyledger-Environment"];
                    "X-Keyledger-Scopes": components["headers"]["X-Keyledger-Scopes"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForwardAuthReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["ForwardAuthUnauthenticated"];
            403: components["responses"]["ForwardAuthForbidden"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["ForwardAuthLogUnavailableOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ForwardAuthOptions: {
        parameters: {
            query?: never;
            header?: {
                /** @description Credential of the client: the token of an account. */
                "X-Auth-Token"?: string;
                /** @description Credential of the client: an API key. */
                "X-Api-Key"?: string;
                /** @description Credential of the client: the shared key of a pair. */
                "X-Shared-Key"?: string;
                /** @description The secret key of the same pair. */
                "X-Secret-Key"?: string;
                /** @description Method of the request of the client. */
                "X-Forwarded-Method"?: string;
                /** @description Its path and query. Which endpoint is called is not checked where this is left out. */
                "X-Forwarded-Uri"?: string;
                /** @description Address of the client: the last one that is no proxy in KEYLEDGER_TRUSTED_PROXIES. */
                "X-Forwarded-For"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    /** @description How far the verifier has followed the log. Left out where it has not begun. */
                    "Keyledger-Position"?: string;
                    "X-Keyledger-Code": components["headers"]["X-Keyledger-Code"];
                    "X-Keyledger-Account-Id": components["headers"]["X-Keyledger-Account-Id"];
                    "X-Keyledger-Application-Id": components["headers"]["X-Keyledger-Application-Id"];
                    "X-Keyledger-Credential-Id": components["headers"]["X-Keyledger-Credential-Id"];
                    "X-Keyledger-Version": components["headers"]["X-Keyledger-Version"];
                    "X-Keyledger-Type": components["headers"]["X-Keyledger-Type"];
                    "X-Keyledger-Mode": components["headers"]["X-Keyledger-Mode"];
                    "X-Keyledger-Environment": components["headers"]["X-Keyledger-Environment"];
                    "X-Keyledger-Scopes": components["headers"]["X-Keyledger-Scopes"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForwardAuthReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["ForwardAuthUnauthenticated"];
            403: components["responses"]["ForwardAuthForbidden"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["ForwardAuthLogUnavailableOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ForwardAuthHead: {
        parameters: {
            query?: never;
            header?: {
                /** @description Credential of the client: the token of an account. */
                "X-Auth-Token"?: string;
                /** @description Credential of the client: an API key. */
                "X-Api-Key"?: string;
                /** @description Credential of the client: the shared key of a pair. */
                "X-Shared-Key"?: string;
                /** @description The secret key of the same pair. */
                "X-Secret-Key"?: string;
                /** @description Method of the request of the client. */
                "X-Forwarded-Method"?: string;
                /** @description Its path and query. Which endpoint is called is not checked where this is left out. */
                "X-Forwarded-Uri"?: string;
                /** @description Address of the client: the last one that is no proxy in KEYLEDGER_TRUSTED_PROXIES. */
                "X-Forwarded-For"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    /** @description How far the verifier has followed the log. Left out where it has not begun. */
                    "Keyledger-Position"?: string;
                    "X-Keyledger-Code": components["headers"]["X-Keyledger-Code"];
                    "X-Keyledger-Account-Id": components["headers"]["X-Keyledger-Account-Id"];
                    "X-Keyledger-Application-Id": components["headers"]["X-Keyledger-Application-Id"];
                    "X-Keyledger-Credential-Id": components["headers"]["X-Keyledger-Credential-Id"];
                    "X-Keyledger-Version": components["headers"]["X-Keyledger-Version"];
                    "X-Keyledger-Type": components["headers"]["X-Keyledger-Type"];
                    "X-Keyledger-Mode": components["headers"]["X-Keyledger-Mode"];
                    "X-Keyledger-Environment": components["headers"]["X-Keyledger-Environment"];
                    "X-Keyledger-Scopes": components["headers"]["X-Keyledger-Scopes"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForwardAuthReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["ForwardAuthUnauthenticated"];
            403: components["responses"]["ForwardAuthForbidden"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["ForwardAuthLogUnavailableOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ForwardAuthPatch: {
        parameters: {
            query?: never;
            header?: {
                /** @description Credential of the client: the token of an account. */
                "X-Auth-Token"?: string;
                /** @description Credential of the client: an API key. */
                "X-Api-Key"?: string;
                /** @description Credential of the client: the shared key of a pair. */
                "X-Shared-Key"?: string;
                /** @description The secret key of the same pair. */
                "X-Secret-Key"?: string;
                /** @description Method of the request of the client. */
                "X-Forwarded-Method"?: string;
                /** @description Its path and query. Which endpoint is called is not checked where this is left out. */
                "X-Forwarded-Uri"?: string;
                /** @description Address of the client: the last one that is no proxy in KEYLEDGER_TRUSTED_PROXIES. */
                "X-Forwarded-For"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    /** @description How far the verifier has followed the log. Left out where it has not begun. */
                    "Keyledger-Position"?: string;
                    "X-Keyledger-Code": components["headers"]["X-Keyledger-Code"];
                    "X-Keyledger-Account-Id": components["headers"]["X-Keyledger-Account-Id"];
                    "X-Keyledger-Application-Id": components["headers"]["X-Keyledger-Application-Id"];
                    "X-Keyledger-Credential-Id": components["headers"]["X-Keyledger-Credential-Id"];
                    "X-Keyledger-Version": components["headers"]["X-Keyledger-Version"];
                    "X-Keyledger-Type": components["headers"]["X-Keyledger-Type"];
                    "X-Keyledger-Mode": components["headers"]["X-Keyledger-Mode"];
                    "X-Keyledger-Environment": components["headers"]["X-Keyledger-Environment"];
                    "X-Keyledger-Scopes": components["headers"]["X-Keyledger-Scopes"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForwardAuthReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["ForwardAuthUnauthenticated"];
            403: components["responses"]["ForwardAuthForbidden"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["ForwardAuthLogUnavailableOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    ForwardAuthTrace: {
        parameters: {
            query?: never;
            header?: {
                /** @description Credential of the client: the token of an account. */
                "X-Auth-Token"?: string;
                /** @description Credential of the client: an API key. */
                "X-Api-Key"?: string;
                /** @description Credential of the client: the shared key of a pair. */
                "X-Shared-Key"?: string;
                /** @description The secret key of the same pair. */
                "X-Secret-Key"?: string;
                /** @description Method of the request of the client. */
                "X-Forwarded-Method"?: string;
                /** @description Its path and query. Which endpoint is called is not checked where this is left out. */
                "X-Forwarded-Uri"?: string;
                /** @description Address of the client: the last one that is no proxy in KEYLEDGER_TRUSTED_PROXIES. */
                "X-Forwarded-For"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    /** @description How far the verifier has followed the log. Left out where it has not begun. */
                    "Keyledger-Position"?: string;
                    "X-Keyledger-Code": components["headers"]["X-Keyledger-Code"];
                    "X-Keyledger-Account-Id": components["headers"]["X-Keyledger-Account-Id"];
                    "X-Keyledger-Application-Id": components["headers"]["X-Keyledger-Application-Id"];
                    "X-Keyledger-Credential-Id": components["headers"]["X-Keyledger-Credential-Id"];
                    "X-Keyledger-Version": components["headers"]["X-Keyledger-Version"];
                    "X-Keyledger-Type": components["headers"]["X-Keyledger-Type"];
                    "X-Keyledger-Mode": components["headers"]["X-Keyledger-Mode"];
                    "X-Keyledger-Environment": components["headers"]["X-Keyledger-Environment"];
                    "X-Keyledger-Scopes": components["headers"]["X-Keyledger-Scopes"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForwardAuthReply"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["ForwardAuthUnauthenticated"];
            403: components["responses"]["ForwardAuthForbidden"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["ForwardAuthLogUnavailableOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    Introspect: {
        parameters: {
            query?: never;
            header?: {
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["IntrospectInput"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    /** @description How far the verifier has followed the log. Left out where it has not begun. */
                    "Keyledger-Position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Introspection"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequest"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrPositionNotReached"];
            default: components["responses"]["AnyRefusal"];
        };
    };
    Subscribe: {
        parameters: {
            query?: {
                /** @description Sends what comes after this position, and after zeros everything. Left out: what comes from now on. */
                from?: string;
                /** @description Sends these types only, with commas between. */
                types?: string;
            };
            header?: {
                /** @description The last id that was received: goes on behind it, and counts more than `from`. */
                "Last-Event-ID"?: string;
                /** @description Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Correlation-Id": components["headers"]["X-Correlation-Id"];
                    /** @description Where the answer begins. */
                    "Keyledger-Position": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["PublicEvent"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidRequestOrPositionOfAnotherLog"];
            429: components["responses"]["TooManyRequestsOrTooBusy"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrLogReplaced"];
            default: components["responses"]["AnyRefusal"];
        };
    };
}
