"""The inbox: what members and officers are told, a row for each of them, written with what caused it."""
