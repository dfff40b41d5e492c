// Drives the environment named by SIMULATOR (the line of JSON that bin/simulator prints) with dynamics-web-api.
// Ends with an error at the first answer that the client, or a reader of Microsoft's documentation, would not expect.
import assert from "node:assert/strict";
import { DynamicsWebApi } from "dynamics-web-api";

const environment = JSON.parse(process.env.SIMULATOR);

async function token() {
    const answer = await fetch(environment.tokenUrl, {
        method: "POST",
        body: new URLSearchParams({
            grant_type: "client_credentials",
            client_id: environment.clientId,
            client_secret: environment.clientSecret,
            scope: `${environment.url}/.default`,
        }),
    });
    assert.equal(answer.status, 200);
    return (await answer.json()).access_token;
}

const api = new DynamicsWebApi({
    serverUrl: environment.url,
    dataApi: { version: "9.2" },
    onTokenRefresh: token,
    propagateErrors: true,
});

async function refused(work, status, code) {
    const error = await work.then(
        () => assert.fail(`expected status ${status}`),
        (reason) => reason,
    );
    assert.equal(error.status, status, error.message);
    assert.equal(error.code, code, error.message);
    return error;
}

const checks = {
    async "functions: WhoAmI"() {
        const me = await api.callFunction("WhoAmI");
        assert.match(me.UserId, /^[0-9a-f-]{36}$/);
    },

    async "create, retrieve, update one property, delete"() {
        const id = await api.create({ collection: "contacts", data: { firstname: "Ada", lastname: "O'Neil" } });
        assert.match(id, /^[0-9a-f-]{36}$/);
        const row = await api.retrieve({ collection: "contacts", key: id, select: ["fullname", "emailaddress1"] });
        assert.equal(row.fullname, "Ada O'Neil");
        assert.equal(row.emailaddress1, null);
        await api.updateSingleProperty({
            collection: "contacts",
            key: id,
            fieldValuePair: { jobtitle: "Countess & <analyst>" },
        });
        const updated = await api.retrieve({ collection: "contacts", key: id, select: ["jobtitle"] });
        assert.equal(updated.jobtitle, "Countess & <analyst>");
        await api.deleteRecord({ collection: "contacts", key: id, fieldName: "jobtitle" });
        assert.equal((await api.retrieve({ collection: "contacts", key: id, select: ["jobtitle"] })).jobtitle, null);
        await api.deleteRecord({ collection: "contacts", key: id });
        await refused(api.retrieve({ collection: "contacts", key: id }), 404, "0x80040217");
    },

    async "update with an ETag"() {
        const row = await api.create({ collection: "contacts", data: { firstname: "Bo" }, returnRepresentation: true });
        const etag = row["@odata.etag"];
        await api.update({ collection: "contacts", key: row.contactid, data: { firstname: "Bob" }, ifmatch: etag });
        await refused(
            api.update({ collection: "contacts", key: row.contactid, data: { firstname: "Rob" }, ifmatch: etag }),
            412,
            "0x80060882",
        );
        const now = await api.retrieve({ collection: "contacts", key: row.contactid, select: ["firstname"] });
        assert.equal(now.firstname, "Bob");
    },

    async "upsert, create only and update only"() {
        const key = "11111111-0000-4000-8000-000000000001";
        await api.upsert({ collection: "contacts", key, data: { lastname: "First" } });
        await api.upsert({ collection: "contacts", key, data: { lastname: "Second" } });
        await refused(
            api.upsert({ collection: "contacts", key, data: { lastname: "Third" }, ifnonematch: "*" }),
            412,
            "0x80040237",
        );
        const other = "11111111-0000-4000-8000-000000000002";
        await refused(
            api.upsert({ collection: "contacts", key: other, data: { lastname: "None" }, ifmatch: "*" }),
            404,
            "0x80040217",
        );
        const row = await api.retrieve({ collection: "contacts", key, select: ["lastname"] });
        assert.equal(row.lastname, "Second");
    },

    async "query with filter, order and pages"() {
        for (let i = 0; i < 12; i++) {
            await api.create({
                collection: "contacts",
                data: { firstname: `Page${i}`, lastname: "Paged's+%", emailaddress1: `p+${i}@example.com` },
            });
        }
        const query = {
            collection: "contacts",
            select: ["firstname", "emailaddress1"],
            filter: "lastname eq 'paged''s+%' and startswith(firstname,'page')",
            orderBy: ["firstname desc"],
            maxPageSize: 5,
            count: true,
        };
        const first = await api.retrieveMultiple(query);
        assert.equal(first.value.length, 5);
        assert.equal(first["@odata.count"], 12);
        assert.ok(first["@odata.nextLink"]);
        const second = await api.retrieveMultiple(query, first["@odata.nextLink"]);
        assert.equal(second.value.length, 5);
        const all = await api.retrieveAll(query);
        assert.equal(new Set(all.value.map((row) => row.contactid)).size, 12);
        assert.deepEqual(
            all.value.map((row) => row.firstname),
            all.value.map((row) => row.firstname).toSorted().reverse(),
        );
        const counted = await api.count({ collection: "contacts", filter: "lastname eq 'paged''s+%'" });
        assert.equal(counted, 12);
        await refused(
            api.retrieveMultiple({ collection: "contacts", select: ["nosuch"] }),
            400,
            "0x0",
        );
    },

    async "batch: parts, change set, references, errors"() {
        api.startBatch();
        api.create({ collection: "contacts", data: { firstname: "Batch" }, contentId: "1", inChangeSet: true });
        api.create({
            collection: "contacts",
            data: { firstname: "Batched", "parentcustomerid_contact@odata.bind": "$1" },
            inChangeSet: true,
        });
        const ids = await api.executeBatch();
        assert.equal(ids.length, 2);
        const child = await api.retrieve({
            collection: "contacts",
            key: ids[1],
            select: ["_parentcustomerid_value"],
        });
        assert.equal(child._parentcustomerid_value, ids[0]);

        api.startBatch();
        api.retrieveMultiple({ collection: "contacts", select: ["firstname"], filter: "firstname eq 'Batch'" });
        api.callFunction("WhoAmI");
        const [rows, me] = await api.executeBatch();
        assert.equal(rows.value.length, 1);
        assert.ok(me.UserId);

        api.startBatch();
        api.create({ collection: "contacts", data: { firstname: "Rolled back" }, inChangeSet: true });
        api.create({ collection: "contacts", data: { gendercode: 77 }, inChangeSet: true });
        const failures = await api.executeBatch().catch((reason) => [].concat(reason));
        assert.equal(failures[0].error.code, "0x8004431A");
        const left = await api.count({ collection: "contacts", filter: "firstname eq 'Rolled back'" });
        assert.equal(left, 0);
    },

    async "alternate keys: define, upsert, refuse a second holder"() {
        // The client has no call for keys.
        const defined = await fetch(`${environment.url}/api/data/v9.2/EntityDefinitions(LogicalName='contact')/Keys`, {
            method: "POST",
            headers: { Authorization: `Bearer ${await token()}`, "Content-Type": "application/json" },
            body: JSON.stringify({ SchemaName: "crm_ExternalId", KeyAttributes: ["externaluseridentifier"] }),
        });
        assert.equal(defined.status, 204);
        const key = "externaluseridentifier='ext-1'";
        await api.upsert({ collection: "contacts", key, data: { lastname: "Keyed" } });
        await api.upsert({ collection: "contacts", key, data: { lastname: "Keyed again" } });
        const row = await api.retrieve({ collection: "contacts", key, select: ["lastname"] });
        assert.equal(row.lastname, "Keyed again");
        const second = { externaluseridentifier: "EXT-1", lastname: "Second holder" };
        await refused(api.create({ collection: "contacts", data: second }), 412, "0x80060892");
        await refused(
            api.retrieve({ collection: "contacts", key: "externaluseridentifier='none'" }),
            404,
            "0x80060891",
        );
    },

    async "actions: bulk messages, QualifyLead"() {
        const type = { "@odata.type": "Microsoft.Dynamics.CRM.contact" };
        const made = await api.callAction({
            collection: "contacts",
            actionName: "Microsoft.Dynamics.CRM.CreateMultiple",
            action: { Targets: [{ ...type, firstname: "Bulk1" }, { ...type, firstname: "Bulk2" }] },
        });
        assert.equal(made.Ids.length, 2);
        const lead = await api.create({ collection: "leads", data: { lastname: "Lead", companyname: "Acme" } });
        await api.callAction({
            collection: "leads",
            key: lead,
            actionName: "Microsoft.Dynamics.CRM.QualifyLead",
            action: { CreateAccount: true, CreateContact: true, CreateOpportunity: true, Status: 3 },
        });
        const contacts = await api.retrieveMultiple({
            collection: "contacts",
            select: ["lastname"],
            filter: `_originatingleadid_value eq ${lead}`,
            expand: [{ property: "parentcustomerid_account", select: ["name"] }],
        });
        assert.equal(contacts.value[0].parentcustomerid_account.name, "Acme");
    },

    async "FetchXML and metadata"() {
        const fetched = await api.fetch({
            collection: "contacts",
            fetchXml:
                '<fetch><entity name="contact"><attribute name="firstname"/><filter>' +
                '<condition attribute="firstname" operator="like" value="Bulk%"/></filter></entity></fetch>',
        });
        assert.equal(fetched.value.length, 2);
        const columns = await api.retrieveAttributes({
            entityKey: "LogicalName='lead'",
            castType: "Microsoft.Dynamics.CRM.StringAttributeMetadata",
            select: ["LogicalName", "MaxLength"],
            filter: "LogicalName eq 'mobilephone'",
        });
        assert.equal(columns.value[0].MaxLength, 20);
        const csdl = await api.retrieveCsdlMetadata();
        assert.match(csdl, /EntityType Name="contact"/);
    },

    async "change tracking"() {
        const query = { collection: "contacts", select: ["firstname"], trackChanges: true };
        const full = await api.retrieveMultiple(query);
        const link = full["@odata.deltaLink"];
        assert.ok(link);
        const kept = await api.create({ collection: "contacts", data: { firstname: "Tracked" } });
        const gone = await api.create({ collection: "contacts", data: { firstname: "Gone" } });
        await api.deleteRecord({ collection: "contacts", key: gone });
        const delta = await api.retrieveMultiple(query, link);
        assert.equal(delta.value.length, 2);
        assert.equal(delta.value[0].contactid, kept);
        assert.equal(delta.value[1].id, gone);
        assert.equal(delta.value[1].reason, "deleted");
        const quiet = await api.retrieveMultiple(query, delta["@odata.deltaLink"]);
        assert.deepEqual(quiet.value, []);
    },
};

for (const [name, check] of Object.entries(checks)) {
    await check();
    console.log(`ok ${name}`);
}
