/* The values of the Elastic Common Schema that no field of ours has: rows of ecs.def. */
#ifndef REPORT_ECS_FIELD_H
#define REPORT_ECS_FIELD_H

#include "report/field.h"

#define ECS(path, kind, function) bool function(GString *out, struct subject *s);
#include "report/ecs.def"
#undef ECS

#endif
