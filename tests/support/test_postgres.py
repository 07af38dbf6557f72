"""The PostgreSQL fixture and the database URLs work."""

from sqlalchemy import create_engine, text

from tests.support.postgres import PostgresServer


def test_database_is_empty_and_takes_writes(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as link:
        link.execute(text("CREATE TABLE only_here (name VARCHAR(20))"))
        link.execute(text("INSERT INTO only_here VALUES ('Rơ Châm Suệ')"))
    with engine.connect() as link:
        assert link.execute(text("SELECT name FROM only_here")).scalars().all() == ["Rơ Châm Suệ"]
    engine.dispose()


def test_postgres_is_durable(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as link:
        settings = {name: link.execute(text(f"SHOW {name}")).scalar_one() for name in ("fsync", "synchronous_commit")}
    engine.dispose()
    assert settings == {"fsync": "on", "synchronous_commit": "on"}


def test_copies_of_a_template_are_apart(postgres_server: PostgresServer) -> None:
    template, copy = postgres_server.new_name(), postgres_server.new_name()
    engine = create_engine(postgres_server.create(template))
    with engine.begin() as link:
        link.execute(text("CREATE TABLE thing (id INTEGER)"))
    engine.dispose()
    engine = create_engine(postgres_server.create(copy, template))
    with engine.begin() as link:
        link.execute(text("INSERT INTO thing VALUES (1)"))
    engine.dispose()
    engine = create_engine(postgres_server.url(template))
    with engine.connect() as link:
        assert link.execute(text("SELECT count(*) FROM thing")).scalar_one() == 0
    engine.dispose()
    postgres_server.drop(copy)
    postgres_server.drop(template)
