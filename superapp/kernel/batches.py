# To be written by one statement: psycopg takes ever longer for each further value.
ROWS_AT_ONCE = 500
