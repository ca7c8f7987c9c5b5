/** Operating a proxy: status, metrics, purge, explain, access log, and the page that shows it. */
@NullMarked
package dev.thermae.http.admin;

import org.jspecify.annotations.NullMarked;
