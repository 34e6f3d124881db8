// Marks what libmtmi exports. Everything else in the library is hidden.
#pragma once

#define MTMI_API __attribute__((visibility("default")))
