/* test_migrate.c -- the database's history: applied once, in order, by one at a time; an edited past is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/migrate.h"
#include "tests/support/pg_cluster.h"

static struct pg_cluster *cluster;
static char folder[64], says[MIGRATE_SAYS], next[8]; /* the number behind the last of ours, "010" */
static unsigned ours;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* all formats stand below; each wants the folder and a text */
static void shell(const char *format, const char *text)
{
    char command[512];
    snprintf(command, sizeof command, format, folder, text);
    assert_int_equal(system(command), 0);
}
#pragma GCC diagnostic pop

static enum err run(unsigned *applied)
{
    return migrate_run(pg_cluster_conninfo(cluster, "recourse_operator"),
                       pg_cluster_password(cluster, "recourse_operator"), folder, applied, says);
}

static void count_ours(void)
{
    char line[128];
    FILE *names = popen("ls " SOURCE_ROOT "/migrations", "r");
    assert_non_null(names);
    while (fgets(line, sizeof line, names))
        ours += strstr(line, ".sql\n") != NULL;
    pclose(names);
    snprintf(next, sizeof next, "%03u", ours + 1);
}

static int suite_begin(void **state)
{
    (void)state;
    cluster = pg_cluster_new();
    count_ours();
    strcpy(folder, "/tmp/recourse-migrations-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int suite_end(void **state)
{
    (void)state;
    shell("rm -rf '%s'%s", "");
    pg_cluster_free(cluster);
    return 0;
}

/* A copy of the project's own. */
static int fresh_folder(void **state)
{
    (void)state;
    shell("rm -f '%s'/*%s", "");
    shell("cp " SOURCE_ROOT "/migrations/*.sql '%s'/%s", "");
    return 0;
}

static void two_at_once_apply_each_file_once(void **state)
{
    (void)state;
    unsigned applied;
    pid_t other = fork();
    if (other == 0)
        _exit(run(&applied) == ERR_OK ? (int)applied : 99);
    assert_int_equal(run(&applied), ERR_OK);
    int status;
    assert_int_equal(waitpid(other, &status, 0), other);
    assert_int_equal((int)applied + WEXITSTATUS(status), ours);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.migration"), ours);
}

static void a_second_run_does_nothing(void **state)
{
    (void)state;
    unsigned applied;
    assert_int_equal(run(&applied), ERR_OK);
    assert_int_equal(applied, 0);
}

static void an_edited_old_file_is_refused_by_name(void **state)
{
    (void)state;
    unsigned applied;
    shell("echo '-- more' >> '%s'/002_tables.sql%s", "");
    shell("echo 'CREATE TABLE public.never (i int);' > '%s'/%s_never.sql", next);
    assert_int_equal(run(&applied), ERR_CONFLICT);
    assert_non_null(strstr(says, "002_tables.sql"));
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM pg_class WHERE relname = 'never'"), 0);
}

static void a_gap_and_an_older_folder_are_refused(void **state)
{
    (void)state;
    unsigned applied;
    shell("rm $(ls '%s'/*.sql | tail -n 1)%s", "");
    assert_int_equal(run(&applied), ERR_CONFLICT);
    assert_non_null(strstr(says, "newer"));
    shell("rm '%s'/003_append.sql%s", "");
    assert_int_equal(run(&applied), ERR_CONFLICT);
    assert_non_null(strstr(says, "003"));
}

static void a_file_that_fails_leaves_nothing_and_says_where(void **state)
{
    (void)state;
    unsigned applied;
    shell("printf 'SET LOCAL ROLE recourse_owner;\\nCREATE TABLE recourse.half (i int);\\nSELECT "
          "nothing_of_the_kind();\\n'"
          " > '%s'/%s_broken.sql",
          next);
    assert_int_equal(run(&applied), ERR_DB_REFUSED);
    assert_non_null(strstr(says, "_broken.sql, near line 3"));
    assert_memory_equal(says, next, 3);
    assert_non_null(strstr(says, "42883"));
    assert_int_equal(applied, 0);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM pg_class WHERE relname = 'half'"), 0);
    shell("printf 'SET LOCAL ROLE recourse_owner;\\nCREATE TABLE recourse.half (i int);\\n' > '%s'/%s_broken.sql",
          next);
    assert_int_equal(run(&applied), ERR_OK);
    assert_int_equal(applied, 1);
}

static void what_cannot_be_reached_is_said_plainly(void **state)
{
    (void)state;
    unsigned applied;
    assert_int_equal(migrate_run("host=/nowhere user=x", NULL, folder, &applied, says), ERR_DB_DOWN);
    assert_non_null(strstr(says, "cannot be reached"));
    assert_int_equal(migrate_run("host=/nowhere user=x", NULL, "/nowhere", &applied, says), ERR_NOT_FOUND);
    assert_true(strlen(says) > 0);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        cmocka_unit_test_setup(two_at_once_apply_each_file_once, fresh_folder),
        cmocka_unit_test_setup(a_second_run_does_nothing, fresh_folder),
        cmocka_unit_test_setup(an_edited_old_file_is_refused_by_name, fresh_folder),
        cmocka_unit_test_setup(a_gap_and_an_older_folder_are_refused, fresh_folder),
        cmocka_unit_test_setup(a_file_that_fails_leaves_nothing_and_says_where, fresh_folder),
        cmocka_unit_test_setup(what_cannot_be_reached_is_said_plainly, fresh_folder),
    };
    return cmocka_run_group_tests(stories, suite_begin, suite_end);
}
