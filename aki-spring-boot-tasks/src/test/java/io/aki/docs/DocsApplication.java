package io.aki.docs;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/**
 * The application of the page about tasks.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
class DocsApplication {

}
