-- Wrong passwords are counted where they come from: nobody can lock a person out by guessing from elsewhere.
-- account.failures and account.failing_since are no longer written; the next release removes them.
create table sign_in_place (
    account_id    uuid not null references account on delete cascade,
    address       text not null,                     -- IPv4, or the /64 of an IPv6
    failures      integer not null default 0,        -- within the window that began at failing_since
    failing_since timestamptz,
    locked_at     timestamptz,                       -- until an administrator releases it (CJIS AC-7)
    worked_at     timestamptz,                       -- last right password: the person has been here
    primary key (account_id, address)
);
