"""What phones' replicas are fed from: each village's counter and log, and the database's epoch."""
