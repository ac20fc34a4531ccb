/* trade.h -- the table of kinds of files: which tool cleans each, and how it is drawn.
 *
 * A kind is told by libmagic's word for the content, never by a name or what a browser said; the name's extension
 * decides only between kinds that are the same outside (a zip archive that is an office file). */
#ifndef TRIAGE_CLEANER_TRADE_H
#define TRIAGE_CLEANER_TRADE_H

enum trade_clean {
    TRADE_NOTHING,  /* no tool cleans it */
    TRADE_MAT2,     /* and, where it refuses and a form is given, ffmpeg */
    TRADE_COPY,     /* ffmpeg copies picture and sound into a new file, and nothing else */
    TRADE_ENCODE,   /* ffmpeg writes the picture anew */
    TRADE_EXIFTOOL, /* exiftool takes out all that it knows */
};
enum trade_draw { TRADE_NO_PIXELS, TRADE_PNG, TRADE_JPEG, TRADE_PAGE };

struct trade {
    const char *type;      /* libmagic's word */
    const char *extension; /* what mat2 and exiftool know it by */
    enum trade_clean clean;
    enum trade_draw draw;
    const char *demuxer, *muxer; /* of ffmpeg, or NULL: named, so that content never chooses a reader of its own */
    const char *result_type;     /* NULL: the same type */
};

/* NULL: not in the table. */
const struct trade *trade_find(const char *type, const char *extension);

#endif
