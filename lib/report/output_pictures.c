/* Each page a file of its own: SVG, or PNG through libpng, which unlike cairo can write down how
 * large a pixel is, so that the picture prints at the size of the paper. */
#include "report/output.h"

#include <cairo-svg.h>
#include <math.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct picture {
    const secg_book *book;
    const char *kind; /* "svg" or "png" */
    double dpi;
    secg_status (*write)(const struct picture *picture, size_t page, secg_atomic_file *out);
} picture;

/* On white paper: what shows a picture may have a dark ground. */
static void draw_page(const secg_book *book, size_t page, cairo_t *cr)
{
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    secg_book_draw(book, page, cr);
}

static secg_status write_svg(const picture *p, size_t page, secg_atomic_file *out)
{
    double width, height;
    secg_book_page_size(p->book, page, &width, &height);
    cairo_surface_t *surface =
        cairo_svg_surface_create_for_stream(secg_output_append, out, width, height);
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PT);
    cairo_t *cr = cairo_create(surface);
    draw_page(p->book, page, cr);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    return status == CAIRO_STATUS_SUCCESS ? SECG_OK : SECG_E_MEMORY;
}

static void append_png(png_structp png, png_bytep data, size_t length)
{
    secg_output_append(png_get_io_ptr(png), data, (unsigned)length);
}

static void flush_png(png_structp png)
{
    (void)png; /* the file is flushed when it is closed */
}

/* cairo's RGB24 is a word a pixel, whatever the order of bytes in memory. */
static void put_rows(png_structp png, cairo_surface_t *surface, int width, int height,
                     png_bytep row)
{
    const unsigned char *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            uint32_t pixel;
            memcpy(&pixel, data + (ptrdiff_t)y * stride + (ptrdiff_t)x * 4, sizeof pixel);
            row[3 * x] = (png_byte)(pixel >> 16 & 0xff);
            row[3 * x + 1] = (png_byte)(pixel >> 8 & 0xff);
            row[3 * x + 2] = (png_byte)(pixel & 0xff);
        }
        png_write_row(png, row);
    }
}

/* libpng leaves by longjmp where memory fails: nothing that lives across it is changed after. */
static int encode_png(cairo_surface_t *surface, double dpi, png_bytep row, secg_atomic_file *out)
{
    int width = cairo_image_surface_get_width(surface);
    int height = cairo_image_surface_get_height(surface);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info || setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        return -1;
    }
    png_uint_32 per_metre = (png_uint_32)lround(dpi / 0.0254);
    png_set_write_fn(png, out, append_png, flush_png);
    png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, 8, PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
    png_write_info(png, info);
    put_rows(png, surface, width, height, row);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return 0;
}

static secg_status write_png(const picture *p, size_t page, secg_atomic_file *out)
{
    double width, height, scale = p->dpi / 72;
    secg_book_page_size(p->book, page, &width, &height);
    int across = (int)lround(width * scale), down = (int)lround(height * scale);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, across, down);
    cairo_t *cr = cairo_create(surface);
    cairo_scale(cr, scale, scale);
    draw_page(p->book, page, cr);
    int failed = cairo_status(cr) != CAIRO_STATUS_SUCCESS;
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    png_bytep row = failed ? NULL : malloc((size_t)across * 3);
    failed = failed || !row || encode_png(surface, p->dpi, row, out) < 0;
    free(row);
    cairo_surface_destroy(surface);
    return failed ? SECG_E_MEMORY : SECG_OK;
}

static secg_status write_page(const picture *p, size_t page, const char *path, secg_error *error)
{
    secg_atomic_file out;
    secg_status status = secg_atomic_open(&out, path, error);
    if (status != SECG_OK)
        return status;
    status = p->write(p, page, &out);
    if (status != SECG_OK)
        secg_report_fail(error, status, "no memory to draw page %zu", page + 1);
    return secg_atomic_close(&out, status, error);
}

static secg_status write_pages(const picture *p, const char *path, secg_error *error)
{
    size_t size = strlen(path) + 32;
    char *name = malloc(size);
    secg_status status = SECG_OK;
    if (!name)
        return secg_report_fail(error, SECG_E_MEMORY, "no memory to name the pages");
    for (size_t page = 0; page < p->book->pages && status == SECG_OK; page++) {
        snprintf(name, size, "%s-%03zu.%s", path, page + 1, p->kind);
        status = write_page(p, page, name, error);
        secg_output_progress(p->book, page);
    }
    for (size_t page = p->book->pages; status == SECG_OK; page++) {
        snprintf(name, size, "%s-%03zu.%s", path, page + 1, p->kind);
        if (unlink(name) != 0)
            break;
    }
    free(name);
    return status;
}

secg_status secg_output_svg(const secg_book *book, const char *path, secg_error *error)
{
    picture p = {.book = book, .kind = "svg", .write = write_svg};
    return write_pages(&p, path, error);
}

secg_status secg_output_png(const secg_book *book, double dpi, const char *path, secg_error *error)
{
    picture p = {.book = book, .kind = "png", .dpi = dpi, .write = write_png};
    return write_pages(&p, path, error);
}
